// A whole test attestation beside a tpm2-tools script that does the same work on the same software TPM, in turn. The
// challenge of the script is made beforehand, which favours it. Then the same attestation at a real chip's pace, of a
// device that has its keys and of one whose keys must be made, and the EK lens, which makes every key it can. Prints
// times, the ratio, and what the station itself costs beyond the TPM. Judges nothing.

#include "core/attestation/attest_device.h"
#include "core/crypto/hmac.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/tpm/library_log.h"
#include "core/transport/device_address.h"
#include "tests/bench/bench_kit.h"
#include "tests/support/must.h"
#include "tests/support/pacing_relay.h"
#include "tests/support/swtpm_fixture.h"

#include <fstream>

namespace {

using namespace enroll;
using bench::median;
using bench::milliseconds;
using test::must;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 9;
constexpr int kRoundsAtChipPace = 3;

void writeFile(const std::filesystem::path& file, ByteView content)
{
    std::ofstream{file, std::ios::binary} << asText(content);
}

std::unique_ptr<attestation::DeviceTpm> stationOn(const std::string& address)
{
    return tpm::makeEsysDeviceTpm(must(transport::parseDeviceAddress(address)), {}, {});
}

attestation::ActivationChallenge challengeFor(const std::pair<Bytes, Bytes>& keys)
{
    return must(attestation::makeActivationChallenge(must(attestation::parsePublic(keys.first)),
                                                     must(attestation::parsePublic(keys.second))));
}

/// Makes EK and SRK persistent, as a warm device has them, and returns their public areas.
std::pair<Bytes, Bytes> warmUp(const test::SwtpmFixture& tpm)
{
    const auto device = stationOn(tpm.address());
    must(device->connect());
    const auto ek = must(device->readEndorsementKey({})).publicArea;
    const auto srk = must(device->provideStorageRootKey());
    const auto challenge = challengeFor({ek, srk});
    must(device->activate(challenge.blob));
    must(device->persistKeys({attestation::Persistence::PersistIfAbsent, attestation::Persistence::PersistIfAbsent}));
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
              must(crypto::hmac(crypto::HashAlgorithm::Sha256, challenge.idKey.view(), {asBytes(message)})));
    const auto authorities = tpm.caCertificates();
    std::filesystem::copy_file(authorities.at(0), directory / "root.pem");
    std::filesystem::copy_file(authorities.at(1), directory / "issuer.pem");
}

double scriptOnce(const test::SwtpmFixture& tpm)
{
    const auto start = Clock::now();
    const auto output = tpm.tool({ENROLL_BENCH_DIR "/attest_with_tpm2_tools", tpm.directory().string()});
    if (output.exitCode != 0) {
        bench::giveUp("the tpm2-tools script failed: " + output.standardError);
    }
    return milliseconds(Clock::now() - start);
}

struct StationRun {
    double total;
    double busy;
    std::uint64_t commands;
    [[nodiscard]] double own() const { return total - busy; }
};

StationRun runSince(Clock::time_point start, const attestation::TpmTraffic& traffic)
{
    return {milliseconds(Clock::now() - start), milliseconds(traffic.busy), traffic.commands};
}

StationRun stationOnce(const std::string& address, const attestation::AttestationOrder& order)
{
    attestation::SilentSteps steps;
    const auto start = Clock::now();
    const auto device = stationOn(address);
    const auto report = attestation::attestDevice(order, *device, steps, {});
    const auto run = runSince(start, report.traffic);
    if (report.verdict.outcome != Outcome::Pass) {
        bench::giveUp("the attestation did not pass" + (report.error ? ": " + describeForLog(*report.error) : ""));
    }
    return run;
}

StationRun lensOnce(const std::string& address)
{
    const auto start = Clock::now();
    const auto device = stationOn(address);
    must(device->connect());
    must(device->readAllEndorsementKeys({}));
    must(device->release());
    return runSince(start, device->traffic());
}

void compareWithScript(const test::SwtpmFixture& tpm, const attestation::AttestationOrder& order)
{
    std::vector<double> station;
    std::vector<double> own;
    std::vector<double> script;
    std::uint64_t commands = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto run = stationOnce(tpm.address(), order);
        station.push_back(run.total);
        own.push_back(run.own());
        commands = run.commands;
        script.push_back(scriptOnce(tpm));
    }
    std::printf("station            %8.1f ms  (%llu TPM commands; %.1f ms beyond the TPM's own time)\n",
                median(station), static_cast<unsigned long long>(commands), median(own));
    std::printf("tpm2-tools script  %8.1f ms\n", median(script));
    std::printf("ratio              %8.2f     (the script takes so many times as long)\n",
                median(script) / median(station));
}

/// What \p run takes with the software TPM behind a relay that takes a discrete chip's times: the round whose own time is
/// in the middle.
template <class Run>
void printAtChipPace(const char* what, const test::SwtpmFixture& tpm, int rounds, Run run)
{
    const test::PacingRelay relay{tpm.address()};
    std::vector<StationRun> runs;
    for (int round = 0; round < rounds; ++round) {
        runs.push_back(run(relay.address()));
    }
    std::ranges::sort(runs, {}, &StationRun::own);
    const auto& middle = runs[runs.size() / 2];
    std::printf("%-18s %8.1f ms  (%llu TPM commands, %.1f ms of the TPM; own time %.1f ms, %.1f %%)\n", what,
                middle.total, static_cast<unsigned long long>(middle.commands), middle.busy, middle.own(),
                100 * middle.own() / middle.total);
}

} // namespace

int main()
{
    tpm::silenceLibraryLog();
    const test::SwtpmFixture tpm;
    writeScriptFiles(tpm, warmUp(tpm));
    const auto anchors = tpm.anchors();
    attestation::AttestationPolicy policy;
    policy.allowSoftware = true;
    const attestation::AttestationOrder order{policy, anchors, utcNow()};

    const auto attest = [&](const std::string& address) { return stationOnce(address, order); };

    compareWithScript(tpm, order);
    printAtChipPace("warm, chip's pace", tpm, kRoundsAtChipPace, attest);
    tpm.evict("0x81010001");
    tpm.evict("0x81000001");
    printAtChipPace("cold, chip's pace", tpm, kRoundsAtChipPace, attest);
    printAtChipPace("lens, chip's pace", tpm, 1, lensOnce);
    return 0;
}
