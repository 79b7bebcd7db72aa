import { chromium } from 'playwright-core';
const [,, address, key, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }).catch(async()=>chromium.launch({executablePath:(await import('node:child_process')).execSync('command -v chromium').toString().trim(),args:['--no-sandbox']}));
for (const [device, viewport, scheme] of [['desk',{width:1280,height:800},'light'],['phone',{width:390,height:844},'dark']]) {
  const context = await browser.newContext({ viewport, colorScheme: scheme, locale: device==='desk'?'en-GB':'zh-CN' });
  const page = await context.newPage(); page.setDefaultTimeout(20000);
  page.on('console', m=>m.type()==='error'&&console.log(device, m.text())); page.on('pageerror', e=>console.log(device, String(e)));
  await page.goto(`${address}/console`);
  await page.getByLabel(/^(With a key|使用密钥)$/).check();
  if (device==='desk') await page.screenshot({path:'/tmp/s38/shell/sign-in.png'});
  await page.getByLabel(/^(Key|密钥)$/).fill(key);
  await page.getByRole('button', { name: /^(Sign in|登录)$/ }).click();
  await page.locator('nav.side').waitFor({state:'attached'});
  for (const path of paths) { await page.goto(`${address}/console/${path==='home'?'':path}`); await page.waitForTimeout(2500); await page.screenshot({path:`/tmp/s38/shell/${device}-${path.replace(/\W/g,'_')}.png`}); }
  if (device==='desk'){ await page.keyboard.press('Control+k'); await page.getByRole('combobox').fill('repo'); await page.waitForTimeout(800); await page.screenshot({path:'/tmp/s38/shell/palette.png'}); }
}
await browser.close();
