/**
 * Which entry an exit closes: the oldest, the newest, or none in particular (`average`: from flat to flat, everything
 * bought against everything sold at average prices).
 */
export type LotMethod = 'fifo' | 'lifo' | 'average';

export const LOT_METHODS: readonly LotMethod[] = ['fifo', 'lifo', 'average'];
