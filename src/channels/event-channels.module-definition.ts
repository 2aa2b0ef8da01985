import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { EventChannelsModuleOptions } from './event-channels.module-options.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<EventChannelsModuleOptions>().setClassMethodName('forRoot').build();
