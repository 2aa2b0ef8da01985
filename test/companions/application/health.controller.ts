import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  @Get('up')
  @HealthCheck()
  up() {
    return this.health.check([() => this.indicators.check('kennel').up()]);
  }

  @Get('down')
  @HealthCheck()
  down() {
    return this.health.check([() => this.indicators.check('kennel').down('no puppies')]);
  }
}
