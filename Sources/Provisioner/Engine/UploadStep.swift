import ProvisionCore

/// Brings a stage's large files to its host, one at a time: from the operator's machine, or from a host that has them.
///
/// It begins and ends with the host's place among those that act, and waits without it: whoever waits keeps no place from those
/// that have none to wait for.
struct UploadStep: Sendable {
    enum Outcome: Sendable {
        /// Which one of the row, and what is said of it.
        case done(Int, message: String, milliseconds: Int)
        /// The host's words.
        case refused(Action, String)
        case interrupted(Action)
        case lost(TransportError)
    }

    private enum Way: Sendable {
        case proven, interrupted
        case refused(String)
        case lost(TransportError)
    }

    let host: HostSpec
    let stage: String
    let session: HostSession
    /// Where the host takes its place; `nil` where it needs none.
    let places: Limiter?
    let uploads: Limiter
    /// `nil` where every file is sent from here.
    let relay: UploadRelay?
    let isInterrupted: @Sendable () -> Bool
    let report: @Sendable (RunEvent) -> Void

    /// Brings one file of several uploads that follow each other: with a relay whichever is to be had first, else the first.
    func one(of row: [Action]) async -> Outcome {
        let start = ContinuousClock.now
        let digests = row.prefix { $0.sharedPath != nil && $0.upload != nil }.map { $0.upload?.sha256 ?? "" }
        await places?.leave()
        guard let relay, !digests.isEmpty else { return outcome(of: await send(row[0]), row, 0, start) }
        let turn = await relay.turn(of: digests, for: host.name)
        if case .peer(let peer) = turn.source { return await take(row, turn, from: peer, relay, start) }
        let way = await send(row[turn.index])
        // Others that wait for this file then find an open listener.
        if case .proven = way { await offer(row[turn.index], relay) }
        await relay.ended(turn, by: host.name)
        return outcome(of: way, row, turn.index, start)
    }

    private func outcome(
        of way: Way,
        _ row: [Action],
        _ index: Int,
        _ start: ContinuousClock.Instant
    ) -> Outcome {
        switch way {
        case .proven: .done(index, message: row[index].title, milliseconds: start.milliseconds)
        case .refused(let words): .refused(row[index], words)
        case .interrupted: .interrupted(row[index])
        case .lost(let error): .lost(error)
        }
    }

    /// From here, once there is room on the operator's line.
    private func send(_ action: Action) async -> Way {
        let way: Way = await uploads.run {
            await places?.enter()
            // The wait for this place may have been long.
            if isInterrupted() { return .interrupted }
            return await upload(action)
        }
        return way
    }

    private func upload(_ action: Action) async -> Way {
        guard let upload = action.upload else { return .refused("there is nothing to send") }
        do throws(TransportError) {
            let words = try await session.upload(action, from: upload.localPath, isShared: relay != nil)
            return way(words)
        } catch {
            return .lost(error)
        }
    }

    private func way(_ words: String?) -> Way { words.map { Way.refused($0) } ?? .proven }

    /// From another host; from here where that fails.
    private func take(
        _ row: [Action],
        _ turn: UploadRelay.Turn,
        from peer: UploadRelay.Peer,
        _ relay: UploadRelay,
        _ start: ContinuousClock.Instant
    ) async -> Outcome {
        let action = row[turn.index]
        await places?.enter()
        let begin = ContinuousClock.now
        let way = await copy(action, peer, relay)
        guard case .refused(let words) = way else {
            await relay.ended(turn, by: host.name)
            guard case .proven = way else { return outcome(of: way, row, turn.index, start) }
            await offer(action, relay)
            return .done(turn.index, message: taken(action, peer), milliseconds: begin.milliseconds)
        }
        await relay.ended(turn, by: host.name, isFailure: true)
        report(failed(action, peer, words, begin.milliseconds))
        await places?.leave()
        let second = await send(action)
        if case .proven = second { await offer(action, relay) }
        return outcome(of: second, row, turn.index, start)
    }

    private func copy(_ action: Action, _ peer: UploadRelay.Peer, _ relay: UploadRelay) async -> Way {
        if isInterrupted() { return .interrupted }
        guard let upload = action.upload else { return .refused("there is nothing to take") }
        do throws(TransportError) {
            return way(try await session.take(action, upload, from: peer, token: relay.token))
        } catch {
            return .lost(error)
        }
    }

    private func taken(_ action: Action, _ peer: UploadRelay.Peer) -> String {
        "took \(action.sharedPath ?? "") from \(peer.host) (\((action.upload?.size ?? 0) / 1_048_576) MB)"
    }

    private func failed(_ action: Action, _ peer: UploadRelay.Peer, _ words: String, _ milliseconds: Int) -> RunEvent {
        let path = action.sharedPath ?? ""
        return RunEvent(
            .relayFailed,
            host: host.name,
            stage: stage,
            step: action.title,
            message: "did not get \(path) from \(peer.host), so it is sent from here: \(words.inOneLine)",
            milliseconds: milliseconds
        )
    }

    /// The host has the file now, for whoever wants it.
    private func offer(_ action: Action, _ relay: UploadRelay) async {
        guard let path = action.sharedPath, let upload = action.upload else { return }
        await relay.proved(upload.sha256, at: path, on: host.name)
        await RelayListener(host: host, session: session, relay: relay, report: report).openIfWanted()
    }
}
