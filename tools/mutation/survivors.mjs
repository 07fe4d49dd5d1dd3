export const SURVIVORS = []
