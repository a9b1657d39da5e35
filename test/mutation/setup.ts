import fc from 'fast-check'

// The same examples for every mutant, so that a score can be repeated; and no time for a shorter counter-example.
fc.configureGlobal({ seed: 20_260_101, endOnFailure: true })
