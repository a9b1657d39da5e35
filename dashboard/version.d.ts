/** Put in when the pages are built, from package.json: reports say which Evenkeel made them. */
declare const EVENKEEL_VERSION: string
