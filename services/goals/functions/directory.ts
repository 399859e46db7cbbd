import { directoryConsumer } from '../../../shared/directory/consumer.ts';
import { directory as subscription } from '../subscriptions.ts';

export const handler = directoryConsumer({ subscription });
