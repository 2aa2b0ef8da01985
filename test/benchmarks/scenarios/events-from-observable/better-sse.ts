import { createSession } from 'better-sse';
import { map, range } from 'rxjs';
import { serveNode } from '../../support/serve-node.js';
import { COUNT, square } from '../../support/squares.js';

export default serveNode((request, response) => {
  void createSession(request, response).then((session) =>
    range(0, COUNT)
      .pipe(map(square))
      .subscribe({
        next: (value) => session.push(value, 'message', String(value.i)),
        complete: () => response.end(),
      }),
  );
});
