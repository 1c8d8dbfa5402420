#include "tests/app/chain/attack_bench.h"

#include "core/base/clock.h"
#include "core/tpm/command_table.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/transport/open_channel.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"

#include <QtGlobal>

namespace enroll::test {
namespace {

using namespace attestation;
using Clock = std::chrono::steady_clock;

/// What release() may take after the run's own end: see makeEsysDeviceTpm().
constexpr std::chrono::milliseconds kReleaseTime{2'000};

tpm::CommandDeadlines deadlines()
{
    return {.connect = std::chrono::seconds{2},
            .normal = kAnswerDeadline,
            .createKey = kKeyDeadline,
            .run = kRunDeadline,
            .busyRetries = kAnswerDeadline};
}

std::string listed(const tpm::LoadedHandles& handles)
{
    std::string text;
    for (const auto handle : handles) {
        text += " 0x" + toHex(ByteWriter{}.u32(handle).view());
    }
    return text;
}

constexpr std::chrono::seconds kPatience{5};

std::unique_ptr<tpm::TpmExchange> lineTo(const std::string& address)
{
    auto channel =
        must(transport::openChannel(must(transport::parseDeviceAddress(address)), Deadline::in(kPatience), {}));
    return std::make_unique<tpm::TpmExchange>(std::move(channel), tpm::CommandDeadlines{}, std::stop_token{});
}

} // namespace

AttestationPolicy softwarePolicy()
{
    AttestationPolicy policy;
    policy.allowSoftware = true;
    return policy;
}

AttestationReport attestAt(const std::string& address, const crypto::TrustStore& anchors,
                           const AttestationPolicy& policy, FurtherCheck furtherCheck)
{
    auto device = tpm::makeEsysDeviceTpm(must(transport::parseDeviceAddress(address)), deadlines(), {});
    RecordingSteps steps;
    return attestDevice({policy, anchors, utcNow(), std::move(furtherCheck)}, *device, steps, {});
}

AttackBench::AttackBench(Device device) : m_device(device)
{
    auto warming = softwarePolicy();
    if (device == Device::Warm) {
        m_policy.shipState = ShipState{{{0x81010000, 0x8101FFFF}}, {}};
        warming.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
    }
    if (device == Device::Keeping) {
        m_policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
    }
    // A wrong HMAC counts towards lockout where a key is not exempt from it; a table of lies makes many.
    const auto patient = m_tpm.tool({"tpm2_dictionarylockout", "-s", "-n", "1000000", "-t", "1", "-l", "1"});
    const auto warmed = attestAt(m_tpm.address(), m_anchors, warming);
    const TwistedLine line{m_tpm.address()};
    const auto report = attest(line.address());
    if (patient.exitCode != 0 || warmed.verdict.outcome != Outcome::Pass || report.verdict.outcome != Outcome::Pass) {
        qFatal("an honest TPM does not pass: %s%s", patient.standardError.c_str(), textOf(report).c_str());
    }
    m_key = report.facts.endorsementKey->publicArea;
    m_storageRootKey = report.facts.storageRootKey->publicArea;
    m_honest = line.exchanges();
}

AttestationReport AttackBench::attest(const std::string& address) const
{
    if (m_device == Device::Keeping) {
        evictKept();
    }
    return attestAt(address, m_anchors, m_policy);
}

bool AttackBench::bothKept() const
{
    return areaAt(m_tpm.address(), kDeviceSdkHandle) == m_key &&
           areaAt(m_tpm.address(), kStorageRootKeyAt) == m_storageRootKey;
}

/// Whatever an earlier run left there.
void AttackBench::evictKept() const
{
    const auto line = lineTo(m_tpm.address());
    for (const auto handle : {kDeviceSdkHandle, kStorageRootKeyAt}) {
        must(line->run(evictControl(handle, handle))); // refused where the handle is free
    }
}

std::optional<std::string> AttackBench::broken(const AttestationReport& report, std::chrono::milliseconds took) const
{
    const auto left = flushEverything(m_tpm.address());
    const auto outcome = report.verdict.outcome;
    if (outcome == Outcome::Pass && report.facts.endorsementKey->publicArea != m_key) {
        return "passes with another key";
    }
    if (outcome == Outcome::Pass && m_device == Device::Keeping && !bothKept()) {
        return "passes, and its keys are not where they were to be kept";
    }
    if (outcome == Outcome::StationFault || outcome == Outcome::Aborted) {
        return "is called a fault of the station";
    }
    if (!left.empty()) {
        return "leaves loaded:" + listed(left);
    }
    if (took > kRunDeadline + kKeyDeadline + kReleaseTime) {
        return "took " + std::to_string(took.count()) + " ms";
    }
    return std::nullopt;
}

TimedRun timedRun(const AttackBench& bench, const std::string& address)
{
    const auto begun = Clock::now();
    auto report = bench.attest(address);
    return {std::move(report), std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun)};
}

std::string textOf(const AttestationReport& report)
{
    if (report.verdict.outcome == Outcome::Pass) {
        return "PASS";
    }
    const auto code = report.verdict.code ? std::string{describe(*report.verdict.code).text} : "without a code";
    return code + (report.error ? " " + report.error->operation + ": " + report.error->what : "");
}

tpm::LoadedHandles flushEverything(const std::string& address)
{
    const auto line = lineTo(address);
    auto handles = must(tpm::readLoadedHandles(*line));
    must(tpm::flushHandles(*line, handles, Deadline::in(kPatience)));
    return handles;
}

std::optional<Bytes> areaAt(const std::string& address, std::uint32_t handle)
{
    ByteWriter command;
    command.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize + 4).u32(tpm::command_code::kReadPublic).u32(handle);
    const auto response = must(lineTo(address)->run(command.view()));
    if (response.size() <= tpm::kHeaderSize) {
        return std::nullopt;
    }
    ByteReader reader{ByteView{response}.subspan(tpm::kHeaderSize)};
    ByteWriter area;
    area.sized(must(reader.sized(response.size(), "area")));
    return std::move(area).take();
}

Bytes evictControl(std::uint32_t object, std::uint32_t handle)
{
    constexpr std::uint32_t kOwner = 0x40000001;
    constexpr std::uint32_t kPassword = 0x40000009;
    ByteWriter body;
    body.u32(kOwner).u32(object).u32(9).u32(kPassword).u16(0).u8(0).u16(0).u32(handle);
    ByteWriter frame;
    frame.u16(tpm::kTagSessions).u32(static_cast<std::uint32_t>(tpm::kHeaderSize + body.view().size()));
    frame.u32(tpm::command_code::kEvictControl).bytes(body.view());
    return std::move(frame).take();
}

} // namespace enroll::test
