/** Says each thing once: every thread finds it out for itself. */
export function toldOnce(say: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (told.has(message)) return
    told.add(message)
    say(message)
  }
}
