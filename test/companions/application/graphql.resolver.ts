import { NotFoundException } from '@nestjs/common';
import { Field, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';

@ObjectType()
export class GraphPuppy {
  @Field(() => Int) id!: number;
}

@Resolver(() => GraphPuppy)
export class PuppiesResolver {
  @Query(() => GraphPuppy)
  puppy(): GraphPuppy {
    return { id: 4 };
  }

  @Query(() => GraphPuppy)
  missing(): GraphPuppy {
    throw new NotFoundException('No such puppy');
  }
}
