import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { ResponsesModuleOptions } from './responses.module-options.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<ResponsesModuleOptions>().setClassMethodName('forRoot').build();
