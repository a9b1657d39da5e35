/** Whatever a scenario is called, a name that every file system takes. */
export function fileName(name: string, ending: string): string {
  const kept = name.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|-+$/g, '')
  return `${kept === '' ? 'scenario' : kept.slice(0, 60)}.${ending}`
}
