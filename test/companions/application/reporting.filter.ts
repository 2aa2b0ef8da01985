import { Catch, type ArgumentsHost } from '@nestjs/common';
import { SentryExceptionCaptured } from '@sentry/nestjs';
import { ProblemFilter } from 'nestjs-responses';

/** Reports exceptions to Sentry, and answers them as problem details. */
@Catch()
export class ReportingFilter extends ProblemFilter {
  @SentryExceptionCaptured()
  override catch(exception: unknown, host: ArgumentsHost) {
    return super.catch(exception, host);
  }
}
