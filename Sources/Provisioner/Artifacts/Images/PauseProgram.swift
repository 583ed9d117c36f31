/// The program of the pause image: a static ELF file of some 220 bytes, the same on every build.
///
/// As the first process of a pod it blocks SIGINT, SIGTERM and SIGCHLD, waits for one of them, ends on the
/// first two and reaps orphans on the third. Written in machine code so that no compiler is needed.
enum PauseProgram {
    static func elf(_ architecture: Architecture) -> [UInt8] {
        let code = architecture == .amd64 ? amd64 : arm64.flatMap(littleEndian) + signals
        let base: UInt64 = 0x400000
        let headers: UInt64 = 64 + 56
        let size = headers + UInt64(code.count)
        let machine: UInt16 = architecture == .amd64 ? 62 : 183
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
        // ELF header: executable, machine, version 1, entry, one program header right behind it.
        file += littleEndian(UInt16(2)) + littleEndian(machine) + littleEndian(UInt32(1))
        file += littleEndian(base + headers) + littleEndian(UInt64(64)) + littleEndian(UInt64(0))
        file += littleEndian(UInt32(0)) + [64, 56, 1, 64, 0, 0].flatMap { littleEndian(UInt16($0)) }
        // Program header: load the whole file, read and execute, 64 KiB aligned for every page size of arm64.
        file += littleEndian(UInt32(1)) + littleEndian(UInt32(5)) + littleEndian(UInt64(0))
        file += [base, base, size, size, 0x10000].flatMap(littleEndian)
        return file + code
    }

    /// SIGINT (2), SIGTERM (15) and SIGCHLD (17) as a signal set.
    private static let signals: [UInt8] = littleEndian(UInt64(1 << 1 | 1 << 14 | 1 << 16))

    private static let amd64: [UInt8] =
        [
            // rt_sigprocmask(SIG_BLOCK, signals, NULL, 8)
            0xB8, 0x0E, 0x00, 0x00, 0x00, 0x31, 0xFF, 0x48, 0x8D, 0x35, 0x4E, 0x00, 0x00, 0x00,
            0x31, 0xD2, 0x6A, 0x08, 0x41, 0x5A, 0x0F, 0x05,
            // wait: rt_sigtimedwait(signals, NULL, NULL, 8)
            0xB8, 0x80, 0x00, 0x00, 0x00, 0x48, 0x8D, 0x3D, 0x3A, 0x00, 0x00, 0x00,
            0x31, 0xF6, 0x31, 0xD2, 0x6A, 0x08, 0x41, 0x5A, 0x0F, 0x05,
            // SIGCHLD: reap; SIGTERM: done; anything but SIGINT: wait
            0x83, 0xF8, 0x11, 0x74, 0x13, 0x83, 0xF8, 0x0F, 0x74, 0x05, 0x83, 0xF8, 0x02, 0x75, 0xDB,
            // done: exit(0)
            0xB8, 0x3C, 0x00, 0x00, 0x00, 0x31, 0xFF, 0x0F, 0x05,
            // reap: while wait4(-1, NULL, WNOHANG, NULL) > 0, then wait
            0xB8, 0x3D, 0x00, 0x00, 0x00, 0x6A, 0xFF, 0x5F, 0x31, 0xF6, 0x6A, 0x01, 0x5A,
            0x45, 0x31, 0xD2, 0x0F, 0x05, 0x85, 0xC0, 0x7F, 0xEA, 0xEB, 0xBA,
        ] + signals

    private static let arm64: [UInt32] = [
        // rt_sigprocmask(SIG_BLOCK, signals, NULL, 8)
        0xD280_0000, 0x1000_03C1, 0xD280_0002, 0xD280_0103, 0xD280_10E8, 0xD400_0001,
        // wait: rt_sigtimedwait(signals, NULL, NULL, 8)
        0x1000_0320, 0xD280_0001, 0xD280_0002, 0xD280_0103, 0xD280_1128, 0xD400_0001,
        // SIGCHLD: reap; SIGTERM: done; anything but SIGINT: wait
        0x7100_441F, 0x5400_0100, 0x7100_3C1F, 0x5400_0060, 0x7100_081F, 0x54FF_FEA1,
        // done: exit(0)
        0xD280_0000, 0xD280_0BA8, 0xD400_0001,
        // reap: while wait4(-1, NULL, WNOHANG, NULL) > 0, then wait
        0x9280_0000, 0xD280_0001, 0xD280_0022, 0xD280_0003, 0xD280_2088, 0xD400_0001,
        0x7100_001F, 0x54FF_FF2C, 0x17FF_FFE9, 0xD503_201F,
    ]

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
