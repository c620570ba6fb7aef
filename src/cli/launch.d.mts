export declare function loadMain(): Promise<(args: readonly string[]) => Promise<void>>;
export declare function endWithNpm(): void;
