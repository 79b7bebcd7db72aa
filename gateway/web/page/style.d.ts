// What Vite makes of a style that is imported: nothing to use.
declare module '*.css';
