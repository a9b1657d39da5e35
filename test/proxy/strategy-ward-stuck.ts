/** Run by strategy-warden.test.ts: does not come back from the verb that it is told, or from what is between two of them. */
import { VERBS, type Verb } from '../../proxy/core/watched.ts'
import { warded } from '../../proxy/strategy-ward.ts'

await warded(async (verb, notes, tell) => {
  const place = VERBS.indexOf((verb as { readonly verb: Verb }).verb)
  if (place > 0) notes.begin(place)
  tell({ at: performance.timeOrigin + performance.now() })
  for (;;);
})
