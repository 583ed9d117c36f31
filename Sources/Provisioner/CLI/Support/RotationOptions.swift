import ArgumentParser

/// What verbs have in common that change the ground under a rotation of certificates.
struct RotationOptions: ParsableArguments {
    @Flag(name: .long, help: "Do it although a rotation of certificates is in progress and can go neither on nor back.")
    var duringRotation = false
}
