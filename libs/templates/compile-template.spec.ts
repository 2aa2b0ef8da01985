import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from './compile-template.js';
import { positionAt } from './template-source.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

const handlebars = Handlebars.create();
handlebars.registerHelper({
  echo: (value: unknown) => value,
  join: (left: string, right: string) => `${left}+${right}`,
  shout: (text: string, { hash }: Handlebars.HelperOptions) =>
    `${text.toUpperCase()}${String(hash.mark ?? '!')}`,
});

function render(text: string, context: unknown = {}): string {
  return compileTemplate(handlebars, { file: 'page.html', text }).render(context);
}

/** Text of any UTF-16 units, rich in what Handlebars, front-end frameworks and these delimiters are made of. */
const literal = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{{{',
        '}}}',
        '{{{{raw}}}}',
        '\\{{',
        '\\\\{{',
        '\\',
        '{{!--',
        '--}}',
      ),
      fc.constantFrom(
        '{{#if x}}',
        '{{/if}}',
        '{{else}}',
        '{{> p}}',
        '{{~',
        '~}}',
        '{',
        '}',
        '[',
        '"',
      ),
      fc.constantFrom(
        '{% if %}',
        '<%= x %>',
        '${x}',
        '@click="a || b"',
        '|',
        '||',
        '@||',
        '%||',
        '*||',
      ),
      fc.constantFrom(
        '\0',
        '\r\n',
        '\n',
        '\r',
        ' ',
        '\t',
        '\u2028',
        '\ufeff',
        '\ud800',
        '\udc00',
        '😀',
      ),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/\|\|[@%*]/.test(text));

describe('literal text', () => {
  it('is rendered unchanged, whatever it contains', () => {
    fc.assert(
      fc.property(literal, (text) => {
        expect(render(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every code unit between expressions', () => {
    const expression = fc.constantFrom(
      ['||@ name @||', '&lt;b&gt;'],
      ['||@name@||', '&lt;b&gt;'],
      ['||@& name @||', '<b>'],
      ['||@[a b]@||', 'ab'],
      ['||@ missing @||', ''],
      ['||@ echo "}} @|| {{ ||@" @||', '}} @|| {{ ||@'],
      ['||@\r\n  join\n  name (echo "\\"%||")\r@||', '&lt;b&gt;+&quot;%||'],
    );
    const context = { name: '<b>', 'a b': 'ab' };
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, expression)), literal, (parts, tail) => {
        const template = parts.map(([text, [tag]]) => text + tag).join('') + tail;
        const output = parts.map(([text, [, value]]) => text + value).join('') + tail;
        expect(render(template, context)).toBe(output);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every code unit in blocks and beside comments on the same line', () => {
    const text = literal.filter((written) => !/\s/.test(written));
    const comment = text.filter((written) => !written.includes('*||'));
    fc.assert(
      fc.property(text, comment, text, (a, b, c) => {
        expect(render(`^${a}||% #if yes %||${b}||% else %||x||% /if %||${c}$`, { yes: true })).toBe(
          `^${a}${b}${c}$`,
        );
        expect(render(`^${a}||% ^if yes %||x||% else %||${b}||% /if %||${c}$`, { yes: true })).toBe(
          `^${a}${b}${c}$`,
        );
        expect(render(`^${a}||* ${b} *||${c}$`)).toBe(`^${a}${c}$`);
      }),
    );
  });

  it.each([
    ['a closing delimiter that closes nothing', 'a @|| b %|| c *|| d'],
    ['JavaScript operators', 'a || b, a ||b, a|||b'],
    [
      'Handlebars, Vue or Angular',
      '{{ name }} {{{ name }}} {{#if a}}b{{/if}} \\{{ c }} \\\\{{ d }}',
    ],
    ['Liquid or Jinja', '{% if a %}{{ b | upcase }}{% endif %} {# c #}'],
    ['EJS and template literals', '<%= a %> `${b}`'],
    ['white space at the ends', ' \r\n\t '],
  ])('is %s', (_case, text) => {
    expect(render(text, { name: 'x' })).toBe(text);
  });

  it('can contain an opening delimiter that is split by a comment', () => {
    expect(render('write ||||* *||@ name @||', { name: 'x' })).toBe('write ||@ name @||');
  });

  it('can end with a bar before a delimiter', () => {
    expect(render('a|||@ name @|||b', { name: 'x' })).toBe('a|x|b');
  });

  it('compiles a large page of braces in time', () => {
    const text = '{{ "\\{{ ||'.repeat(100_000);
    expect(render(`${text}||@ name @||`, { name: 'x' })).toBe(`${text}x`);
  });
});

describe('constructs', () => {
  const context = {
    name: 'Ada',
    markup: `<a href="x">&'\`=</a>`,
    user: { address: { city: 'Paris' }, 'first name': 'A' },
    items: ['a', 'b'],
    prices: { tea: 3, milk: 1 },
    yes: true,
    no: false,
    none: [],
  };

  it.each([
    ['a value', '||@ name @||', 'Ada'],
    ['a value without spaces', '||@name@||', 'Ada'],
    [
      'an escaped value',
      '||@ markup @||',
      '&lt;a href&#x3D;&quot;x&quot;&gt;&amp;&#x27;&#x60;&#x3D;&lt;/a&gt;',
    ],
    ['an unescaped value', '||@& markup @||', context.markup],
    ['an unescaped value with its sign apart', '||@ & markup @||', context.markup],
    ['a missing value', '[||@ nothing.at.all @||]', '[]'],
    ['a nested path', '||@ user.address.city @||', 'Paris'],
    ['a path with slashes', '||@ user/address/city @||', 'Paris'],
    ['a path segment in brackets', '||@ user.[first name] @||', 'A'],
    ['an index', '||@ items.[1] @||', 'b'],
    [
      '@index, @first, @last',
      '||% #each items %||||@ @index @||||@ @first @||||@ @last @|| ||% /each %||',
      '0truefalse 1falsetrue ',
    ],
    ['@key', '||% #each prices %||||@ @key @||=||@ this @|| ||% /each %||', 'tea=3 milk=1 '],
    ['@root', '||% #each items %||||@ @root.name @||||% /each %||', 'AdaAda'],
    [
      '@../index',
      '||% #each items %||||% #each ../items %||||@ @../index @||||% /each %||||% /each %||',
      '0011',
    ],
    [
      'the parent context',
      '||% #each items %||||@ ../name @||||@ this @|| ||% /each %||',
      'Adaa Adab ',
    ],
    ['if', '||% #if yes %||1||% /if %||||% #if no %||2||% /if %||', '1'],
    ['else', '||% #if no %||1||% else %||2||% /if %||', '2'],
    ['else without spaces', '||%#if no%||1||%else%||2||%/if%||', '2'],
    ['an else chain', '||% #if no %||1||% else if yes %||2||% else %||3||% /if %||', '2'],
    [
      'the end of an else chain',
      '||% #if no %||1||% else if none %||2||% else %||3||% /if %||',
      '3',
    ],
    ['unless', '||% #unless no %||1||% /unless %||', '1'],
    ['with', '||% #with user.address %||||@ city @||||% /with %||', 'Paris'],
    ['each of nothing', '||% #each none %||1||% else %||2||% /each %||', '2'],
    ['a section', '||% #user %||||@ address.city @||||% /user %||', 'Paris'],
    ['an inverted section', '||% ^none %||1||% /none %||', '1'],
    ['an inverted section with a second branch', '||% ^yes %||1||% ^ %||2||% /yes %||', '2'],
    [
      'block parameters',
      '||% #each items as |item at| %||||@ at @||||@ item @||||% /each %||',
      '0a1b',
    ],
    [
      'block parameters at the delimiter',
      '||% #each items as |item|%||||@ item @||||%/each%||',
      'ab',
    ],
    ['lookup', '||@ lookup items 1 @||', 'b'],
    ['a helper', '||@ shout name @||', 'ADA!'],
    ['a helper with named arguments', '||@ shout name mark="?" @||', 'ADA?'],
    ['a sub-expression', '||@ shout (join name (echo "x")) @||', 'ADA+X!'],
    [
      'literals',
      '||@ echo 1.5 @|| ||@ echo true @|| ||@ echo null @|| ||@ echo undefined @||',
      '1.5 true  ',
    ],
    ['delimiters in a string', '||@ echo "@|| ||@ %|| {{x}} }}" @||', '@|| ||@ %|| {{x}} }}'],
    ['delimiters in a string of a block', '||% #if (echo "%||") %||1||% /if %||', '1'],
    ['quotes in a string', String.raw`||@& join "\"a\" '" '\'b\' "' @||`, `"a" '+'b' "`],
    ['a line break in a string', '||@ echo "a\r\nb" @||', 'a\r\nb'],
    ['a comment', 'a||* b *||c', 'ac'],
    ['an empty comment', 'a||**||c', 'ac'],
    ['a comment that holds delimiters', 'a||* ||@ name @|| ||% #if %|| }} --}} @|| ||* *||c', 'ac'],
    ['a comment of many lines', 'a||*\n b\r\n*||c', 'ac'],
    [
      'an inline partial',
      '||% #*inline "x" %||<||@ name @||>||% /inline %||||% > x %||||% > x name="B" %||',
      '<Ada><B>',
    ],
    ['white space removed beside a value', 'a \n ||@~ name ~@|| \n b', 'aAdab'],
    ['white space removed on one side', 'a ||@~ name @|| b ||@ name ~@|| c', 'aAda b Adac'],
    ['white space removed beside an unescaped value', 'a ||@~& name ~@|| b', 'aAdab'],
    [
      'white space removed beside a block',
      'a ||%~ #if yes ~%|| b ||%~ else ~%|| c ||%~ /if ~%|| d',
      'abd',
    ],
    ['white space removed beside a comment', 'a ||*~ b ~*|| c', 'ac'],
    [
      'a tag over several lines',
      '||%\n  #each\r\n  items\n%||||@\n  this\n@||||%\n/each %||',
      'ab',
    ],
    ['a tag with U+2028', '||@\n\u2028 name \n\u2028@||a||@ name @||b', 'AdaaAdab'],
    [
      'a sign of two characters behind a line break',
      '||%\n#*inline "x"%||1||%/inline%||||%\n> x%||',
      '1',
    ],
  ])('%s', (_case, template, output) => {
    expect(render(template, context)).toBe(output);
  });

  it('remove their line if they are alone on it, except values', () => {
    const template = [
      '<ul>',
      '  ||% #each items %||',
      '  <li>||@ this @||</li>',
      '  ||% /each %||',
      '  ||* no line *||',
      '  ||@ name @||',
      '</ul>',
    ].join('\r\n');
    expect(render(template, context)).toBe(
      ['<ul>', '  <li>a</li>', '  <li>b</li>', '  Ada', '</ul>'].join('\r\n'),
    );
  });

  it('behave as in Handlebars, including white space', () => {
    const { template } = fc.letrec<{ template: string; block: string }>((tie) => ({
      template: fc
        .array(
          fc.oneof(
            { depthSize: 'small' },
            fc.string({ unit: fc.constantFrom(' ', '\n', '\r\n', '\t', 'a'), maxLength: 4 }),
            fc.constantFrom('||@ name @||', '||@~ name @||', '||@& markup ~@||'),
            fc.constantFrom('||* note *||', '||*~ note ~*||'),
            tie('block'),
          ),
          { maxLength: 5 },
        )
        .map((parts) => parts.join('')),
      block: fc
        .tuple(
          fc.constantFrom('||% #if yes %||', '||%~ #if no %||', '||% #if none ~%||'),
          tie('template'),
          fc.constantFrom('||% else %||', '||%~ else ~%||', '||% ^ %||', '||% else if yes ~%||'),
          tie('template'),
          fc.constantFrom('||% /if %||', '||%~ /if ~%||'),
        )
        .map((parts) => parts.join('')),
    }));
    fc.assert(
      fc.property(template, (ours) => {
        const theirs = ours
          .replace(/\|\|[@%](~?)\s*/g, '{{$1')
          .replace(/\|\|\*(~?)/g, '{{$1!')
          .replace(/(~?)[@%*]\|\|/g, '$1}}');
        expect(render(ours, context)).toBe(handlebars.compile(theirs)(context));
      }),
      { numRuns: 1000 },
    );
  });

  it('cannot access properties that the context inherits', () => {
    const template =
      '||@ constructor @||||@ constructor.name @||||@ __proto__ @||||@ name.constructor @||||@ lookup this "__proto__" @||';
    expect(render(template, { name: 'x' })).toBe('');
  });
});

describe('a syntax error', () => {
  const filler = '{{ a }} {{{ b }}} \\{{ c ${d} <%= e %>';
  const open = 'is not closed. Close it with';

  it.each([
    ['a value that is not closed', 'a\n  ▲||@ name', `"||@" ${open} "@||".`],
    ['a value that runs into the next', '▲||@ name ||@ name @||', `"||@" ${open} "@||".`],
    ['a value closed as a block', 'a ▲||@ name %|| b', `"||@" ${open} "@||".`],
    ['a block closed as a value', '▲||% #if a @||', `"||%" ${open} "%||".`],
    ['a comment that is not closed', 'a ▲||* b', `"||*" ${open} "*||".`],
    ['a string that is not closed', "||@ echo ▲'it @||", "' is not closed."],
    ['a segment that is not closed', '||@ a.▲[b @||', '[ is not closed.'],
    [
      'a block that is not closed',
      'a\n||% #if a %||\n▲||% #each b %||\n',
      '||% #each b %|| is not closed.',
    ],
    ['a section that is not closed', '▲||% ^a %||||% ^ %||b', '||% ^a %|| is not closed.'],
    ['a block closed as another', 'a\n ||% #▲if a %||\n||% /each %||', "if doesn't match each."],
    ['the end of no block', 'a\r\n\r\n  ▲||% /if %||', 'unexpected ||% /if %||.'],
    ['else in no block', 'a ▲||% else %||', 'unexpected ||% else %||.'],
    [
      'else in an inline partial',
      '||% #*inline "a" %||\n||% else %||▲||% /inline %|| ||@ b @||',
      'Unexpected inverse block on decorator.',
    ],
    [
      'else as a value',
      'a ▲||@ else @||',
      '"else" is not a value. Write the other branch of a block as "||% else %||", or a value of that name as "||@ [else] @||".',
    ],
    [
      'a value as a block',
      '▲||% name %||',
      'after "||%" comes "#" with the name of a block, "/", "^", ">" or "else". Write a value as "||@ name @||".',
    ],
    ['a block as a value', '||@ ▲#if a @||', 'unexpected "#if".'],
    ['a brace in an expression', '||@ a ▲} b @||', 'unexpected "}".'],
    ['Handlebars in an expression', '||@ ▲{{ a }} @||', 'unexpected "{".'],
    ['an empty value', '||@ ▲@||', 'unexpected "@||".'],
    ['a flag apart from its delimiter', '||@ a ▲~ @||', 'unexpected "~".'],
    ['an unknown character', '||@ ▲a; @||', 'unexpected "a;".'],
    ['a sub-expression that is not closed', '||@ a (b\n c ▲@||', 'unexpected "@||".'],
    ['a closing flag', '||@ a (b\n c ▲~@||', 'unexpected "@||".'],
    ['a path through itself', '||@ ▲a/../b @||', 'Invalid path: a/...'],
    [
      'an unknown decorator',
      '\n▲||% #*magic "a" %||||% /magic %||',
      '"#*magic" is unknown. Write "#*inline".',
    ],
    [
      'a partial with two contexts',
      '\n ▲||% > a b c %||',
      'a partial accepts one context. Pass further values as name=value.',
    ],
    [
      'an error behind much literal text',
      `${`${filler}\r\n`.repeat(50)}${filler}||@ ▲a; @||`,
      'unexpected "a;".',
    ],
    [
      'an error behind other tags of its line',
      `{{ ||@~& a @|| ${filler} ||%~ #if (b "}}") ~%|| {{ ||@ ▲a; @||`,
      'unexpected "a;".',
    ],
    [
      'an error behind a tag of many lines',
      '||%\n  #*inline\r\n "a" %|| ||@ ▲a; @||',
      'unexpected "a;".',
    ],
    [
      'an error behind a comment of many lines',
      '||* {{\n\r\n }} *|| ||@ ▲a; @||',
      'unexpected "a;".',
    ],
  ])('names the place of %s', (_case, marked, reason) => {
    const text = marked.replace('▲', '');
    const { line, column } = positionAt(text, marked.indexOf('▲'));
    const error = errorOf(text);
    expect(error.message).toBe(`Syntax error in page.html:${line}:${column}: ${reason}`);
    expect(error).toMatchObject({ file: 'page.html', line, column });
  });

  it('counts lines and columns from 1', () => {
    expect(errorOf('||@ a; @||')).toMatchObject({ line: 1, column: 5 });
    expect(errorOf('{{ a }}\r\n||@ a; @||')).toMatchObject({ line: 2, column: 5 });
  });

  it('keeps the error of Handlebars as its cause', () => {
    expect(errorOf('||@ a; @||').cause).toBeInstanceOf(Error);
    expect(errorOf('||% #if a %||||% /each %||').cause).toBeInstanceOf(Handlebars.Exception);
  });

  it('begins its stack with its name', () => {
    expect(errorOf('||@ a; @||').stack).toMatch(
      /^TemplateSyntaxError: Syntax error in page\.html:1:5/,
    );
  });

  it('names the place in the original template, whatever precedes it', () => {
    fc.assert(
      fc.property(literal, (text) => {
        const place = positionAt(text, text.length);
        expect(errorOf(`${text}||@ a; @||`)).toMatchObject({
          line: place.line,
          column: place.column + '||@ '.length,
        });
      }),
    );
  });

  function errorOf(text: string): TemplateSyntaxError {
    try {
      compileTemplate(handlebars, { file: 'page.html', text });
    } catch (error) {
      if (error instanceof TemplateSyntaxError) {
        return error;
      }
      throw error;
    }
    throw new Error(`${text} compiles.`);
  }
});
