// What the example server answers. Made from its OpenAPI document: `npm run client-types -w example-server`.

export type paths = Record<string, never>
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    Stats: {
      requests: number
      /** @description successful ones */
      logins: number
      /** @description sent to WeChat, refused ones included */
      codes: number
      codesRefused: number
      unauthorized: number
    }
    Problem: {
      error: {
        /** @description stable, for programs */
        code: string
        /** @description for people */
        message: string
      }
    }
    Login: {
      /** @description 256 random bits; send it as Authorization: Bearer */
      token: string
      /** @description seconds after which it is refused, however much it is used */
      expiresIn: number
      /** @description seconds without use after which it is refused too */
      idleTimeout?: number
    }
    Sessions: {
      items: {
        /** @description names the session; it is not the token */
        id: string
        app: string
        current: boolean
        /** @description epoch ms */
        createdAt: number
        /** @description epoch ms, more or less */
        seenAt: number
      }[]
    }
    Phone: {
      /** @description with the country's code, if it is not China's */
      phoneNumber: string
      purePhoneNumber: string
      countryCode: string
    }
    Profile: {
      id: string
      nickname: string
      /** @description path of the picture */
      avatar?: string
    }
    Order: {
      id: string
      title: string
      /** @description in fen */
      amount: number
      /** @description epoch ms */
      createdAt: number
    }
    OrderPage: {
      page: number
      pageSize: number
      total: number
      items: components['schemas']['Order'][]
    }
    Avatar: {
      /** @description path of the picture */
      avatar: string
      size: number
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type Stats = components['schemas']['Stats']
export type Problem = components['schemas']['Problem']
export type Login = components['schemas']['Login']
export type Sessions = components['schemas']['Sessions']
export type Phone = components['schemas']['Phone']
export type Profile = components['schemas']['Profile']
export type Order = components['schemas']['Order']
export type OrderPage = components['schemas']['OrderPage']
export type Avatar = components['schemas']['Avatar']
export type $defs = Record<string, never>
export type operations = Record<string, never>
