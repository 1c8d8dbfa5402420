#include "tests/support/worked_challenge.h"

#include "tests/support/must.h"

namespace enroll::test {

DeviceKeys WorkedChallenge::keys() const
{
    return {{text("ekPrivatePem"), must(attestation::parsePublic(bytes("ekTpm2bPublic")))},
            {text("srkPrivatePem"), must(attestation::parsePublic(bytes("srkTpm2bPublic")))}};
}

attestation::ActivationSeeds WorkedChallenge::seeds() const
{
    attestation::ActivationSeeds seeds;
    seeds.innerKey = SecretBytes{bytes("credential.secret_innerKey")};
    seeds.idKey = SecretBytes{bytes("object.idKey")};
    seeds.objectSeed = SecretBytes{bytes("object.seedValue")};
    seeds.credentialSeed = SecretBytes{bytes("credential.seed")};
    seeds.duplicationSeed = SecretBytes{bytes("duplication.seed")};
    return seeds;
}

} // namespace enroll::test
