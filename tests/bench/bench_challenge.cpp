// Challenges made per second beside two bare RSA-OAEP-2048 encryptions, in one run: the encryptions are the floor that
// no challenge can get under. Prints the ratio; judges nothing.

#include "core/attestation/activation_challenge.h"
#include "core/crypto/oaep.h"
#include "core/crypto/random.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

namespace {

using namespace enroll;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 15;
constexpr int kOperationsARound = 200;

double microsecondsEach(const std::function<bool()>& operation)
{
    const auto start = Clock::now();
    for (int i = 0; i < kOperationsARound; ++i) {
        if (!operation()) {
            std::fputs("an operation failed\n", stderr);
            std::exit(1);
        }
    }
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count() / kOperationsARound;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

attestation::PublicArea publicArea(const QJsonObject& vectors, const char* field)
{
    const auto hex = vectors.value(QLatin1String(field)).toString().toStdString();
    return attestation::parsePublic(fromHex(hex).value()).value();
}

} // namespace

int main()
{
    QFile file{QStringLiteral(ENROLL_TEST_DATA "/activation-vectors.json")};
    if (!file.open(QIODevice::ReadOnly)) {
        std::fputs("the activation vectors are missing\n", stderr);
        return 1;
    }
    const auto vectors = QJsonDocument::fromJson(file.readAll()).object();
    const auto ek = publicArea(vectors, "ekTpm2bPublic");
    const auto srk = publicArea(vectors, "srkTpm2bPublic");
    const auto ekKey = std::get<crypto::RsaPublicKey>(attestation::publicKeyOf(ek).value());
    const auto srkKey = std::get<crypto::RsaPublicKey>(attestation::publicKeyOf(srk).value());
    const auto seed = crypto::randomSecret(32).value();

    const auto challenge = [&] { return attestation::makeActivationChallenge(ek, srk).ok(); };
    const auto twoEncryptions = [&] {
        return crypto::oaepEncrypt(ekKey, ek.nameAlgorithm, "IDENTITY", seed.view()).ok() &&
               crypto::oaepEncrypt(srkKey, srk.nameAlgorithm, "DUPLICATE", seed.view()).ok();
    };

    std::vector<double> made;
    std::vector<double> bare;
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) { // in turn, so that a drifting machine slows both
        made.push_back(microsecondsEach(challenge));
        bare.push_back(microsecondsEach(twoEncryptions));
        ratios.push_back(bare.back() / made.back());
    }
    std::printf("challenge             %8.1f us  %8.0f /s\n", median(made), 1e6 / median(made));
    std::printf("two OAEP encryptions  %8.1f us  %8.0f /s\n", median(bare), 1e6 / median(bare));
    std::printf("ratio of rates        %8.2f     (1 = a challenge costs just its two encryptions; target 0.5)\n",
                median(ratios));
    return 0;
}
