package import Templates

/// What is asked of a host's /bin/sh: a command line and what goes to its standard input.
package struct RemoteCommand: Sendable {
    /// Standard input of the remote process.
    ///
    /// What is no file's content and longer than a few lines goes here.
    package enum Input: Sendable {
        case none
        case bytes(Secret<[UInt8]>)
        /// A local file, streamed; memory stays flat whatever its size.
        case file(path: String)
    }

    /// POSIX sh, of one line or of several; transports bring it past whatever login shell the remote user has.
    package var line: String
    package var input: Input
    /// From the first packet to the end of the command; a command that takes longer is cut off.
    package var timeout: Duration
    /// How long nothing may move in either direction; `nil` where only the timeout counts.
    package var idle: Duration?
    /// Bytes kept of each output stream; what comes beyond is read and dropped.
    package var outputLimit: Int

    package init(
        line: String,
        input: Input = .none,
        timeout: Duration = .seconds(60),
        idle: Duration? = nil,
        outputLimit: Int = 16 << 20
    ) {
        self.line = line
        self.input = input
        self.timeout = timeout
        self.idle = idle
        self.outputLimit = outputLimit
    }
}

/// What came back.
///
/// A non-zero exit is a result, not an error.
package struct CommandResult: Sendable, Equatable {
    /// How the remote process ended.
    package enum Status: Sendable, Equatable {
        case exited(Int32)
        /// Killed by a signal; libssh2 reports exit status 0 in this case, hence the case of its own.
        case signalled(String)
    }

    package var status: Status
    package var output: [UInt8]
    package var errorOutput: [UInt8]
    /// Whether more than the limit came on either stream.
    package var truncated: Bool

    package init(status: Status, output: [UInt8], errorOutput: [UInt8], truncated: Bool = false) {
        self.status = status
        self.output = output
        self.errorOutput = errorOutput
        self.truncated = truncated
    }

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}
