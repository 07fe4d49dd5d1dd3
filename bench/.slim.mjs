import path from 'node:path'
import { bundle } from '../tools/engines/bundle.mjs'
import { installed, run } from '../tools/engines/engines.mjs'
const M=path.join(import.meta.dirname,'inside/ratios.mjs')
const ways=(process.argv[3]||'get, relative').split('|')
for (const engine of installed([process.argv[2]])) for (const way of ways){
  const plan={way,rounds:engine.id==='v8'?9:21,requests:engine.id==='v8'?18000:900}
  const script=await bundle({code:`import { measure } from ${JSON.stringify(M)}\nstart(() => measure(${JSON.stringify(plan)}))`})
  const out=[];await run(engine,script,m=>{if(!m.done)out.push(`${m.size}: ${m.bare.toFixed(2)} ${m.ours.toFixed(2)} min ${(m.ours/m.bare).toFixed(2)} med ${m.ratio.toFixed(2)}`)})
  console.log(engine.id,way,out.join(' | '))
}
