import type { Behaviour } from './behaviour.ts'

const PRODUCTS = 500
const ORDERS = 100_000
const PAGES = 20
const WORDS = ['lamp', 'chair', 'kettle', 'rope', 'compass', 'map', 'anchor', 'lantern', 'oilskin']

/** Customers of the shop that the fakes play. All pages may be asked for twice. */
export const shop: Behaviour = {
  users: [
    {
      name: 'customer',
      steps: [
        { name: 'product', weight: 39, path: ({ rng }) => `/products/${rng.int(PRODUCTS) + 1}` },
        { name: 'products', weight: 20, path: ({ rng }) => `/products?page=${rng.int(PAGES) + 1}` },
        {
          name: 'search',
          weight: 15,
          path: ({ rng }) => `/search?q=${WORDS[rng.int(WORDS.length)]}`,
        },
        { name: 'cart', weight: 10, path: '/cart' },
        { name: 'home', weight: 10, path: '/' },
        { name: 'order', weight: 4, path: ({ rng }) => `/orders/${rng.int(ORDERS) + 1}` },
        // Only the head, as monitoring and link checkers ask for.
        { name: 'head', weight: 2, method: 'HEAD', path: '/' },
      ],
    },
  ],
}
