import { serve } from '../rpc/serve.ts';
import type { DecodeCalls } from './decode-calls.ts';
import { createDecodeHandlers } from './decode-handlers.ts';

serve<DecodeCalls>(self, createDecodeHandlers());
