import type { ServerResponse } from 'node:http'
import { SILENT } from '../../proxy/core/report.ts'
import { Attempt, type Request } from '../../simulator/request.ts'
import type { Station } from '../../simulator/station.ts'

/** Of the proxy's side of an attempt a server knows nothing. */
const NOBODY = {} as Request
const NOWHERE = {} as Attempt['endpoint']

/** An attempt that came through a socket. Each has an object of its own: a late `close` must not find another in its place. */
export class Visit extends Attempt {
  readonly response: ServerResponse

  /** `version`: beyond those of the visit that had this number before, whose plans are out of date. */
  constructor(index: number, version: number, station: Station, response: ServerResponse) {
    super(index, NOBODY, NOWHERE, station, { ...SILENT })
    this.version = version
    this.response = response
  }
}
