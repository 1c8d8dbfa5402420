// A whole test attestation beside a tpm2-tools script that does the same work on the same software TPM, in turn. The
// challenge of the script is made beforehand, which favours it. Prints times, the ratio, and what the station itself
// costs beyond the TPM. Judges nothing.

#include "core/attestation/attest_device.h"
#include "core/crypto/certificate.h"
#include "core/crypto/hmac.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/transport/device_address.h"
#include "tests/support/swtpm_fixture.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace {

using namespace enroll;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 9;

class SilentSteps final : public attestation::StepReporter {
public:
    void began(attestation::AttestationStep) override {}
    void ended(const attestation::StepRecord&) override {}
};

[[noreturn]] void die(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

template <class T>
T orDie(Result<T> result)
{
    if (!result.ok()) {
        die(describeForLog(result.error()));
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(result).value();
    }
}

double milliseconds(Clock::duration span)
{
    return std::chrono::duration<double, std::milli>(span).count();
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

Bytes readFile(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return toBytes(asBytes(text));
}

void writeFile(const std::filesystem::path& file, ByteView content)
{
    std::ofstream{file, std::ios::binary} << asText(content);
}

crypto::TrustStore trustOf(const test::SwtpmFixture& tpm)
{
    crypto::TrustStore store;
    for (const auto& file : tpm.caCertificates()) {
        for (const auto& certificate : orDie(crypto::certificatesFromFile(readFile(file)))) {
            orDie(store.add(certificate));
        }
    }
    return store;
}

std::unique_ptr<attestation::DeviceTpm> stationOn(const test::SwtpmFixture& tpm)
{
    return tpm::makeEsysDeviceTpm(orDie(transport::parseDeviceAddress(tpm.address())), {}, {});
}

attestation::ActivationChallenge challengeFor(const std::pair<Bytes, Bytes>& keys)
{
    return orDie(attestation::makeActivationChallenge(orDie(attestation::parsePublic(keys.first)),
                                                      orDie(attestation::parsePublic(keys.second))));
}

/// Makes EK and SRK persistent, as a warm device has them, and returns their public areas.
std::pair<Bytes, Bytes> warmUp(const test::SwtpmFixture& tpm)
{
    const auto device = stationOn(tpm);
    orDie(device->connect());
    const auto ek = orDie(device->readEndorsementKey({})).publicArea;
    const auto srk = orDie(device->provideStorageRootKey());
    const auto challenge = challengeFor({ek, srk});
    orDie(device->activate(challenge.blob));
    orDie(device->persistKeys({attestation::Persistence::PersistIfAbsent, attestation::Persistence::PersistIfAbsent}));
    return {ek, srk};
}

/// The challenge in the files that tpm2-tools read.
void writeScriptFiles(const test::SwtpmFixture& tpm, const std::pair<Bytes, Bytes>& keys)
{
    const auto challenge = challengeFor(keys);
    const auto& directory = tpm.directory();
    ByteWriter credential;
    credential.u32(0xBADCC0DE).u32(1).bytes(challenge.blob.credentialBlob).bytes(challenge.blob.encryptedSecret);
    writeFile(directory / "credential.blob", credential.view());
    writeFile(directory / "duplicate.bin", challenge.blob.duplicate);
    writeFile(directory / "seed.bin", challenge.blob.inSymSeed);
    writeFile(directory / "id.pub", challenge.blob.idKeyPublic);
    const std::string message(100, 'm');
    writeFile(directory / "message.bin", asBytes(message));
    writeFile(directory / "expected.bin",
              orDie(crypto::hmac(crypto::HashAlgorithm::Sha256, challenge.idKey.view(), {asBytes(message)})));
    const auto authorities = tpm.caCertificates();
    std::filesystem::copy_file(authorities.at(0), directory / "root.pem");
    std::filesystem::copy_file(authorities.at(1), directory / "issuer.pem");
}

double scriptOnce(const test::SwtpmFixture& tpm)
{
    const auto start = Clock::now();
    const auto output = tpm.tool({ENROLL_BENCH_DIR "/attest_with_tpm2_tools", tpm.directory().string()});
    if (output.exitCode != 0) {
        die("the tpm2-tools script failed: " + output.standardError);
    }
    return milliseconds(Clock::now() - start);
}

struct StationRun {
    double total;
    double busy;
    std::uint64_t commands;
};

StationRun stationOnce(const test::SwtpmFixture& tpm, const attestation::AttestationOrder& order)
{
    SilentSteps steps;
    const auto start = Clock::now();
    const auto device = stationOn(tpm);
    const auto report = attestation::attestDevice(order, *device, steps, {});
    const auto total = milliseconds(Clock::now() - start);
    if (report.verdict.outcome != Outcome::Pass) {
        die("the attestation did not pass: " + (report.error ? describeForLog(*report.error) : std::string{}));
    }
    return {total, milliseconds(report.traffic.busy), report.traffic.commands};
}

} // namespace

int main()
{
    const test::SwtpmFixture tpm;
    writeScriptFiles(tpm, warmUp(tpm));
    const auto anchors = trustOf(tpm);
    attestation::AttestationPolicy policy;
    policy.allowSoftware = true;
    const attestation::AttestationOrder order{policy, anchors, utcNow()};

    std::vector<double> station;
    std::vector<double> own;
    std::vector<double> script;
    std::uint64_t commands = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto run = stationOnce(tpm, order);
        station.push_back(run.total);
        own.push_back(run.total - run.busy);
        commands = run.commands;
        script.push_back(scriptOnce(tpm));
    }
    std::printf("station            %8.1f ms  (%llu TPM commands; %.1f ms beyond the TPM's own time)\n",
                median(station), static_cast<unsigned long long>(commands), median(own));
    std::printf("tpm2-tools script  %8.1f ms\n", median(script));
    std::printf("ratio              %8.2f     (the script takes so many times as long)\n",
                median(script) / median(station));
    return 0;
}
