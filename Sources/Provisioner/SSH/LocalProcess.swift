import Glibc
import ProvisionCore
import Subprocess
import SystemPackage

/// A program on this machine, with its three streams pumped as a channel's are; nothing is held in memory but output.
///
/// It has a session of its own, so that Ctrl-C at the terminal reaches only us, and it can never ask there.
struct LocalProcess {
    let program: String
    let arguments: [String]
    var environment: [String: String] = [:]

    /// Writing to a program that has ended must be an error, not our death.
    private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// Runs it to its end.
    ///
    /// To be called from an actor with a queue of its own: the pump blocks.
    func run(
        _ exchange: inout CommandExchange,
        host: String,
        deadline: Deadline
    ) async throws(TransportError) -> CommandResult.Status {
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
                var pump = ProcessPump(pipes: pipes, process: execution.processIdentifier.processDescriptor, host: host)
                try pump.run(&exchange, deadline)
            }
            return Self.status(result.terminationStatus)
        } catch let error as TransportError {
            throw error
        } catch {
            throw TransportError(
                code: Task.isCancelled ? .cancelled : .localFailure,
                host: host,
                attempted: "run \(program)",
                reason: "\(error)",
                remedy: program == "ssh" ? "install openssh-client" : "run it again"
            )
        }
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
final class ProcessPipes {
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
