/** What was asked for cannot be done as it was asked: arguments, a scenario, a strategy. A line a problem. */
export class WrongInput extends Error {
  override name = 'WrongInput'
}
