import { faker } from '@faker-js/faker/locale/en'
import { hash32 } from '../proxy/core/hash.ts'

/** The same for every fake, so that servers behind one proxy are replicas of one shop: only the name in an answer differs. */
const CATALOGUE_SEED = 1
const TODAY = '2026-11-01T00:00:00.000Z'

/** Different answers of a kind. A power of two: the hash of a path chooses by its low bits. */
const VARIANTS = 16

/** What a path is about, by its first segment; `product` is one with something after `products`. */
type Kind = 'products' | 'product' | 'cart' | 'orders' | 'users' | 'page'

const KINDS: Record<Kind, () => Record<string, unknown>> = {
  products,
  product,
  cart,
  orders,
  users,
  page,
}

/**
 * Believable answers of a shop, made and written down before the first request, so that a request costs a look-up and nothing
 * more. The same path always gets the same answer.
 */
export class Payload {
  private readonly bodies = {} as Record<Kind, Buffer[]>

  constructor(server: string) {
    faker.seed(CATALOGUE_SEED)
    faker.setDefaultRefDate(TODAY)
    for (const kind of Object.keys(KINDS) as Kind[]) {
      this.bodies[kind] = Array.from({ length: VARIANTS }, () =>
        Buffer.from(JSON.stringify({ server, ...KINDS[kind]() })),
      )
    }
  }

  /** The body for a request target. */
  of(target: string): Buffer {
    return this.bodies[kindOf(target)][hash32(target) % VARIANTS]
  }
}

function kindOf(target: string): Kind {
  if (target.startsWith('/products'))
    return target.length > 10 && target[9] === '/' ? 'product' : 'products'
  if (target.startsWith('/cart')) return 'cart'
  if (target.startsWith('/orders')) return 'orders'
  if (target.startsWith('/users')) return 'users'
  return 'page'
}

function products(): Record<string, unknown> {
  const list = faker.helpers.multiple(summary, { count: { min: 6, max: 12 } })
  return { page: faker.number.int({ min: 1, max: 20 }), total: 500, products: list }
}

function summary(): Record<string, unknown> {
  return {
    id: faker.number.int({ min: 1, max: 500 }),
    name: faker.commerce.productName(),
    price: price(),
    inStock: faker.datatype.boolean({ probability: 0.9 }),
    rating: faker.number.float({ min: 1, max: 5, fractionDigits: 1 }),
  }
}

function product(): Record<string, unknown> {
  return {
    ...summary(),
    department: faker.commerce.department(),
    material: faker.commerce.productMaterial(),
    barcode: faker.commerce.isbn(),
    description: faker.commerce.productDescription(),
    reviews: faker.helpers.multiple(
      () => ({
        by: faker.person.fullName(),
        stars: faker.number.int({ min: 1, max: 5 }),
        on: day(),
        text: faker.lorem.sentence(),
      }),
      { count: { min: 0, max: 5 } },
    ),
  }
}

function cart(): Record<string, unknown> {
  return { cart: faker.string.uuid(), currency: 'EUR', ...lines() }
}

function orders(): Record<string, unknown> {
  return {
    orders: faker.helpers.multiple(
      () => ({
        order: faker.string.alphanumeric({ length: 10, casing: 'upper' }),
        on: day(),
        state: faker.helpers.arrayElement(['paid', 'packed', 'shipped', 'delivered', 'returned']),
        shipTo: { city: faker.location.city(), postcode: faker.location.zipCode() },
        ...lines(),
      }),
      { count: { min: 1, max: 3 } },
    ),
  }
}

function users(): Record<string, unknown> {
  return {
    users: faker.helpers.multiple(
      () => ({
        id: faker.string.uuid(),
        name: faker.person.fullName(),
        // A domain that is reserved for examples (RFC 2606): nobody real is written to.
        email: faker.internet.exampleEmail(),
        address: `${faker.location.streetAddress()}, ${faker.location.city()}`,
        since: day(),
      }),
      { count: { min: 2, max: 6 } },
    ),
  }
}

function page(): Record<string, unknown> {
  return {
    title: faker.company.catchPhrase(),
    text: faker.lorem.paragraph({ min: 2, max: 5 }),
    featured: faker.helpers.multiple(summary, { count: { min: 2, max: 4 } }),
  }
}

function lines(): Record<string, unknown> {
  const items = faker.helpers.multiple(
    () => ({
      product: faker.commerce.productName(),
      quantity: faker.number.int({ min: 1, max: 4 }),
      price: price(),
    }),
    { count: { min: 1, max: 5 } },
  )
  const total = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0)
  return { items, total: Math.round(total * 100) / 100 }
}

function price(): number {
  return Number(faker.commerce.price({ min: 2, max: 400 }))
}

function day(): string {
  return faker.date.past({ years: 2 }).toISOString().slice(0, 10)
}
