import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RefusalError } from '../../domain/refusal.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { journalSituation } from '../risk-check/journal-situation.ts';
import { judge } from '../risk-check/judge.ts';
import { readOrderFile } from '../risk-check/order-file.ts';
import { statedSituation } from '../risk-check/stated-situation.ts';
import { usageOf } from '../usage.ts';
import { parseScript } from '../what-if/script-json.ts';

const help = `tradewright risk check ORDER.json [--data-dir D] [--json]

The verdict on an order: allow, warn or block, every check with its figure and limit, and what the order would cost.
The same checks judge the orders of the window, of strategies and of the API. Nothing is sent. "-" reads standard input.
Exit status 0 whenever there is a verdict (block, too), 1 when the file cannot be read or understood, 2 on wrong usage.

ORDER.json:
{
  "symbol": "ETHUSDT",                        or "instrument" with terms, as in a what-if script:
  "instrument": {"symbol":"ETHUSDT","venue":"binance","tick":"0.01","step":"0.001","minNotional":"5","quote":"USDT"},
  "side": "buy|sell",  "type": "market|limit|stop|stop-limit",  "qty": "2.5",
  "price": "1500",  "trigger": "..",  "tif": "GTC|IOC|FOK|DAY|GTD",  "expireAt": ISO,
  "postOnly": false,  "reduceOnly": false,  "stopLoss": "1450",  "takeProfit": "..",  "strategy": "id",
                                              (the order may also stand in "order": {...} or "submit": {...})
  "account": {"cash": "100000" or {"USDT":"100000"},  "equity": "100000",  "type": "cash|margin",  "leverage": 1,
              "positions": {"ETHUSDT":"2"} or [{"symbol":"BTCUSDT","qty":"0.5","price":"60000"}],
              "openOrders": [{"symbol","side","type","qty","price","filled","reduceOnly"}],
              "dayStartEquity": "..",  "highEquity": "..",  "kind": "paper|live",  "currency", "id", "broker"},
  "quote": {"bid":"1499","bidQty":"3","ask":"1500","askQty":"2","last":"1499.5","ageMs":200},
  "book": {"bids":[["1499","3"]],"asks":[["1500","2"]]},
  "limits": {"maxOrderNotional":"50000","maxDailyLoss":"0.05", ...,
             "scopes":[{"scope":{"kind":"symbol|strategy|account|broker","id":".."},"limits":{...}}]},
  "state": "ACTIVE|REDUCING|HALTED" or {"state","reason","recent":[{order fields, "agoMs":5000}],"openOrders":[..]},
  "fees": {"maker":"0.001","taker":"0.001","fixed":"0"},
  "at": ISO or milliseconds                   the time it is judged at, for market hours and ages
}
Only symbol, side and qty must be there. What is missing blocks: without an account, a price or equity nothing passes.
Limits not named are the defaults; fractions are of equity, "0.05" = 5 %. What was assumed is listed in "assumptions".

With --data-dir the account ("account": "ID", or the only one in the order's currency), its positions, open orders,
limits, protections, halt latch and trading state are those of that engine's folder, running or not, and prices are the
last recorded ones unless the file states a quote; "account" terms, "limits" and "state" are refused then.

--json prints {verdict, checks:[{code,severity,value,limit,sentence}], warnings:{shown,more},
preview:{quantity,notional,fee,slippage,marginAfter,limits:[{name,before,after,limit}], ...}, assumptions}. slippage is
money against the middle of the market, for what fills at once; marginAfter counts open orders as filled and is 0 on cash
accounts, which borrow nothing. null: cannot be known.`;

async function textOf(path: string, io: CommandIo): Promise<string> {
  try {
    return path === '-' ? await io.stdin() : readFileSync(path, 'utf8');
  } catch {
    throw new RefusalError({ code: 'FILE_NOT_FOUND', sentence: `The file "${path}" cannot be read; check the path.` });
  }
}

export const command: Command = {
  name: 'risk',
  summary: 'risk check ORDER.json: the verdict on an order, every check with its figure and limit',
  help,
  async run(args, io) {
    const { values, positionals } = usageOf(() =>
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          'data-dir': { type: 'string' },
          json: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
        strict: true,
      }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const [action, path, ...more] = positionals;
    if (action !== 'check') throw new UsageError('Write: tradewright risk check ORDER.json.');
    if (path === undefined || more.length > 0) throw new UsageError('risk check takes exactly one order file.');
    const file = readOrderFile(parseScript(await textOf(path, io)));
    const dataDir = values['data-dir'];
    const situation =
      dataDir === undefined ? statedSituation(file, Date.now()) : journalSituation(file, dataDir, Date.now());
    const document = judge(situation);
    io.out(values.json ? `${JSON.stringify(document)}\n` : textReport(document));
    return 0;
  },
};

function textReport(document: ReturnType<typeof judge>): string {
  const { checks, assumptions } = document as unknown as {
    readonly checks: readonly { readonly severity: string; readonly sentence: string }[];
    readonly assumptions: readonly string[];
  };
  const marks: Readonly<Record<string, string>> = { block: 'BLOCK', warn: 'warn ', info: 'ok   ' };
  return `${[
    document.verdict.toUpperCase(),
    ...checks.map(({ severity, sentence }) => `${marks[severity] ?? severity} ${sentence}`),
    ...assumptions.map((one) => `note  ${one}`),
  ].join('\n')}\n`;
}
