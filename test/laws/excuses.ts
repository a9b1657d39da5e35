/** Why a strategy need not obey a law, by the strategy's name and the law's id. A test sees that none of them is idle. */
export const EXCUSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {}
