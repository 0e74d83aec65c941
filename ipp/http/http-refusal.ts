/** A request that is answered by HTTP alone: credentials or TLS are wanted, or the client has to wait. */

/** Its message goes to the client as plain text. */
export class HttpRefusal extends Error {
  readonly status: 401 | 404 | 426 | 429 | 503;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message a plain sentence; nothing that came from outside. */
  constructor(
    status: HttpRefusal['status'],
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
