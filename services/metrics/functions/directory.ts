import { directoryConsumer } from '../../../shared/directory/consumer.ts';
import { directory } from '../subscriptions.ts';

export const handler = directoryConsumer({ subscription: directory });
