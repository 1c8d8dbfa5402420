#include "core/base/device_code.h"
#include "tests/app/chain/attack_bench.h"

#include <QTest>

#include <algorithm>

// A device in which something else lies where the key belongs that the profile enrolls: what the station says of it, and
// that it stays.

namespace enroll::test {
namespace {

using namespace attestation;
using Command = std::vector<std::string>;

const std::string kEkHandle{"0x81010001"};
const std::string kSrkHandle{"0x81000001"};

void run(const SwtpmFixture& tpm, const Command& command)
{
    if (const auto output = tpm.tool(command); output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

/// A primary key after \p create lies at \p handle.
void putKey(const SwtpmFixture& tpm, const std::string& handle, Command create)
{
    create.insert(create.begin(), {"tpm2_createprimary", "-Q", "-c", "key.ctx"});
    run(tpm, create);
    run(tpm, {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "key.ctx", handle});
    run(tpm, {"tpm2_flushcontext", "-t"});
}

std::string publicAreaAt(const SwtpmFixture& tpm, const std::string& handle)
{
    return tpm.tool({"tpm2_readpublic", "-c", handle}).standardOutput;
}

/// Enrolls the key of the TCG's template, whatever lies at its handle, and keeps it and the storage root key where they
/// may be kept.
AttestationPolicy keepingTheKeyOfL1(Severity whereItCannot)
{
    auto policy = softwarePolicy();
    policy.endorsementKey = {EkTemplate::TcgL1, EkChoice::Rule::OfTemplate};
    policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
    policy.severities = {{"ek-not-persistent", whereItCannot}};
    return policy;
}

struct KeyRow {
    const char* name;
    Command create;
};

const std::vector<KeyRow> kRows{
    {"a storage key of the owner", {"-C", "o", "-G", "rsa"}},
    {"a signing key",
     {"-C", "e", "-G", "rsa2048:rsassa-sha256:null", "-a",
      "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign"}},
    {"a key of another algorithm", {"-C", "e", "-G", "ecc"}},
};

} // namespace

class tst_taken_handle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatLiesThereStays_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(kRows); ++row) {
            QTest::newRow(kRows[static_cast<std::size_t>(row)].name) << row;
        }
    }
    void whatLiesThereStays()
    {
        QFETCH(const int, row);
        const SwtpmFixture tpm;
        tpm.evict(kEkHandle);
        putKey(tpm, kEkHandle, kRows[static_cast<std::size_t>(row)].create);
        const auto there = publicAreaAt(tpm, kEkHandle);
        QVERIFY(!there.empty());

        const auto held = attestAt(tpm.address(), tpm.anchors(), keepingTheKeyOfL1(Severity::Hold));
        QVERIFY2(held.verdict == (Verdict{Outcome::Hold, DeviceCode::MayShowOtherKey}), textOf(held).c_str());
        QVERIFY(saysThatItIsTaken(held));
        QVERIFY(tpm.persistentHandles().find(kSrkHandle) == std::string::npos); // nothing is kept without a PASS

        const auto passed = attestAt(tpm.address(), tpm.anchors(), keepingTheKeyOfL1(Severity::Warning));
        QVERIFY2(passed.verdict == (Verdict{Outcome::Pass, {}}), textOf(passed).c_str());
        QVERIFY(saysThatItIsTaken(passed));
        QCOMPARE(publicAreaAt(tpm, kEkHandle), there);
        QVERIFY(tpm.persistentHandles().find(kSrkHandle) != std::string::npos);
        QCOMPARE(flushEverything(tpm.address()), tpm::LoadedHandles{});
    }

    /// A device whose enrolled key no device SDK shows, wherever a PASS would keep it.
    void aKeyThatIsKeptWhereNoSdkLooksHoldsTheDevice()
    {
        const SwtpmFixture tpm;
        for (const auto* handle : {"0x81010001", "0x81010016"}) {
            tpm.evict(handle);
        }
        auto policy = keepingTheKeyOfL1(Severity::Hold);
        policy.endorsementKey.kind = EkTemplate::TcgH3;
        const auto held = attestAt(tpm.address(), tpm.anchors(), policy);
        QVERIFY2(held.verdict == (Verdict{Outcome::Hold, DeviceCode::MayShowOtherKey}), textOf(held).c_str());
        QVERIFY(tpm.persistentHandles().find("0x81010016") == std::string::npos);
    }

    /// The C SDK makes another key from a template of its own, the C# SDK this one.
    void aKeyThatNotEverySdkMakesHasToBeKept()
    {
        const SwtpmFixture tpm;
        tpm.evict(kEkHandle);
        auto policy = keepingTheKeyOfL1(Severity::Hold);
        policy.persistAfterPass = {};
        const auto held = attestAt(tpm.address(), tpm.anchors(), policy);
        QVERIFY2(held.verdict == (Verdict{Outcome::Hold, DeviceCode::MayShowOtherKey}), textOf(held).c_str());
        policy.deviceSdk = "dps-c-sdk";
        QCOMPARE(attestAt(tpm.address(), tpm.anchors(), policy).verdict, held.verdict);
        policy.deviceSdk = "dps-csharp-sdk";
        QCOMPARE(attestAt(tpm.address(), tpm.anchors(), policy).verdict, (Verdict{Outcome::Pass, {}}));
    }

    /// The identity that a device SDK keeps is in the way of no key.
    void theIdentityOfADeviceSdkIsNotInTheWay()
    {
        const SwtpmFixture tpm;
        tpm.evict(kEkHandle);
        putKey(tpm, "0x81000100", {"-C", "o", "-G", "ecc"});
        const auto there = publicAreaAt(tpm, "0x81000100");

        const auto report = attestAt(tpm.address(), tpm.anchors(), keepingTheKeyOfL1(Severity::Hold));
        QVERIFY2(report.verdict == (Verdict{Outcome::Pass, {}}), textOf(report).c_str());
        QVERIFY(!saysThatItIsTaken(report));
        QVERIFY(tpm.persistentHandles().find(kEkHandle) != std::string::npos);
        QCOMPARE(publicAreaAt(tpm, "0x81000100"), there);
    }

private:
    static bool saysThatItIsTaken(const AttestationReport& report)
    {
        return std::ranges::any_of(report.findings, [](const Finding& finding) {
            return finding.id == "ek-not-persistent" &&
                   finding.text.find("another object lies where it belongs") != std::string::npos;
        });
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_taken_handle)
#include "tst_taken_handle.moc"
