/** What `steering` answers: whether the page may act where it was loaded, or where it would have to be loaded instead. */
export type Steering =
  /** `token`: whoever acts has to show one. `fakes`: the servers are a lab's, and can be broken, by whoever stands in front of the proxy. */
  | { readonly here: true; readonly token: boolean; readonly fakes?: boolean }
  /** Null: nowhere, or nowhere that whoever asks can go to. */
  | { readonly here: false; readonly page: string | null }
