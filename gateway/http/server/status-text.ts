// Reason phrases. Owns: the text of each status that is answered. Never touches: which one is.

const TEXTS: Readonly<Record<number, string>> = {
  201: '201 Created',
  202: '202 Accepted',
  400: '400 Bad Request',
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  412: '412 Precondition Failed',
  413: '413 Content Too Large',
  415: '415 Unsupported Media Type',
  421: '421 Misdirected Request',
  422: '422 Unprocessable Content',
  426: '426 Upgrade Required',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  503: '503 Service Unavailable',
};

/** A status as the line of the answer has it. */
export const statusText = (status: number): string => TEXTS[status] ?? String(status);
