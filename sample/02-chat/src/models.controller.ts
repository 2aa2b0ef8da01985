import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ApiJSONResponse, JSONResponse } from 'nestjs-responses';
import { errorBody, model, modelList, type ModelEntry } from './chat.schemas.js';
import { findModel, models, type Model } from './models.js';

@Controller('v1/models')
export class ModelsController {
  @Get()
  @ApiOperation({ summary: 'All models' })
  @ApiJSONResponse({ standardSchema: modelList })
  list(): JSONResponse {
    return new JSONResponse({ object: 'list', data: models.map(entryOf) });
  }

  @Get(':id')
  @ApiOperation({ summary: 'A model' })
  @ApiJSONResponse({ standardSchema: model })
  @ApiJSONResponse({
    status: 404,
    standardSchema: errorBody,
    description: 'The model does not exist.',
  })
  one(@Param('id') id: string): JSONResponse {
    return new JSONResponse(entryOf(findModel(id)));
  }
}

function entryOf({ id }: Model): ModelEntry {
  return { id, object: 'model', created: 0, owned_by: 'nestjs-responses' };
}
