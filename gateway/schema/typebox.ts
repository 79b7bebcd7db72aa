// The library of schemas, in one place: `npm run build` puts its hundreds of files into this one. Owns: nothing.

export { default as Type } from 'typebox';
export { Compile } from 'typebox/schema';
