import Glibc
import ProvisionCore
import Subprocess
import SystemPackage

/// A program on this machine, with its three streams pumped as a channel's are; nothing is held in memory but output.
///
/// It has a session of its own, so that Ctrl-C at the terminal reaches only us, and it can never ask there. The pump
/// blocks, hence a queue of its own: swift-subprocess gives its caller's code a thread of the shared pool.
actor LocalProcess {
    private let executor = SessionExecutor(label: "provision.process")
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    private let host: String
    private(set) var exchange: CommandExchange

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        host: String,
        exchange: CommandExchange
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.host = host
        self.exchange = exchange
    }

    /// Writing to a program that has ended must be an error, not our death.
    private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// Runs it to its end, once.
    func run(until deadline: Deadline) async throws(TransportError) -> CommandResult.Status {
        Self.ignoresBrokenPipes
        do {
            let pipes = try ProcessPipes()
            var options = PlatformOptions()
            options.createSession = true
            options.teardownSequence = [
                .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
            ]
            let result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(arguments),
                environment: .inherit.updating(variables),
                platformOptions: options,
                input: .fileDescriptor(pipes.childInput, closeAfterSpawningProcess: true),
                output: .fileDescriptor(pipes.childOutput, closeAfterSpawningProcess: true),
                error: .fileDescriptor(pipes.childErrors, closeAfterSpawningProcess: true)
            ) { execution in
                try self.pump(pipes, execution.processIdentifier.processDescriptor, deadline)
            }
            return Self.status(result.terminationStatus)
        } catch let error as TransportError {
            throw error
        } catch { throw failure(error) }
    }

    /// Runs a program of ours that reads nothing and says little.
    static func output(
        of program: String,
        _ arguments: [String],
        _ environment: [String: String],
        for endpoint: SSHEndpoint,
        time: Duration
    ) async throws(TransportError) -> CommandResult {
        let exchange = try CommandExchange.nothing(endpoint, limit: 1 << 18)
        let process = LocalProcess(
            program,
            arguments,
            environment: environment,
            host: endpoint.name,
            exchange: exchange
        )
        let status = try await process.run(until: Deadline(after: time))
        return try await process.exchange.result(status)
    }

    private func pump(_ pipes: ProcessPipes, _ process: Int32, _ deadline: Deadline) throws(TransportError) {
        assertIsolated()
        var pump = ProcessPump(pipes: pipes, process: process, host: host)
        try pump.run(&exchange, deadline)
    }

    private func failure(_ error: any Error) -> TransportError {
        TransportError(
            code: Task.isCancelled ? .cancelled : .localFailure,
            host: host,
            attempted: "run \(program)",
            reason: "\(error)",
            remedy: program == "ssh" ? "install openssh-client" : "run it again"
        )
    }

    private var variables: [Environment.Key: String?] {
        Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
    }

    /// As SSH names them (RFC 4254, 6.10).
    private static let signals = [
        SIGABRT: "ABRT", SIGALRM: "ALRM", SIGFPE: "FPE", SIGHUP: "HUP", SIGILL: "ILL", SIGINT: "INT", SIGKILL: "KILL",
        SIGPIPE: "PIPE", SIGQUIT: "QUIT", SIGSEGV: "SEGV", SIGTERM: "TERM", SIGUSR1: "USR1", SIGUSR2: "USR2",
    ]

    private static func status(_ status: TerminationStatus) -> CommandResult.Status {
        switch status {
        case .exited(let code): .exited(Int32(code))
        case .signaled(let number): .signalled(signals[Int32(number)] ?? String(number))
        }
    }
}

/// The two ends of a program's three streams; ours do not block and are closed with this.
///
/// Used by one process's queue after the children's ends have been handed over, hence unchecked.
final class ProcessPipes: @unchecked Sendable {
    let childInput: FileDescriptor
    let childOutput: FileDescriptor
    let childErrors: FileDescriptor
    private(set) var input: FileDescriptor?
    let output: FileDescriptor
    let errors: FileDescriptor

    init() throws {
        let input = try FileDescriptor.pipe(options: .closeOnExec)
        let output = try FileDescriptor.pipe(options: .closeOnExec)
        let errors = try FileDescriptor.pipe(options: .closeOnExec)
        childInput = input.readEnd
        self.input = input.writeEnd
        childOutput = output.writeEnd
        self.output = output.readEnd
        childErrors = errors.writeEnd
        self.errors = errors.readEnd
        for ours in [input.writeEnd, output.readEnd, errors.readEnd] { _ = fcntl(ours.rawValue, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        closeInput()
        try? output.close()
        try? errors.close()
    }

    func closeInput() {
        try? input?.close()
        input = nil
    }
}
