import ArgumentParser
import PKI

/// After which stage a rotation may be told to stop: before the first nothing has happened, the last is its end.
enum StoppingStage: String, ExpressibleByArgument, CaseIterable {
    case trustBoth = "trust-both"
    case newLeaves = "new-leaves"

    var phase: RotationPhase {
        switch self {
        case .trustBoth: .trustBoth
        case .newLeaves: .newLeaves
        }
    }
}

/// Which stage a rotation may be told to do.
enum SingleStage: String, ExpressibleByArgument, CaseIterable {
    case trustBoth = "trust-both"
    case newLeaves = "new-leaves"
    case distrust

    var phase: RotationPhase {
        switch self {
        case .trustBoth: .trustBoth
        case .newLeaves: .newLeaves
        case .distrust: .distrust
        }
    }
}
