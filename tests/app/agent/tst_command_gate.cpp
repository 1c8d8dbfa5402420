#include "app/agent/command_gate.h"
#include "tests/support/must.h"
#include "tests/support/tpm_commands.h"

#include <QTest>

#include <algorithm>

namespace enroll::test {
namespace {

using namespace app::agent;
using namespace tpm::command_code;

constexpr std::uint32_t kKey = 0x80000000;
constexpr std::uint32_t kPersistent = 0x81010001;

bool lets(const CommandGate& gate, const Bytes& command, const LineAccount& account = {})
{
    return gate.lets(must(tpm::parseCommandHeader(command)), command, account);
}

} // namespace

class tst_command_gate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatAStationSendsPasses_data()
    {
        QTest::addColumn<std::uint32_t>("code");
        for (const auto code :
             {kCreatePrimary, kActivateCredential, kShutdown, kNvRead, kPolicySecret, kCreate, kHmac, kImport, kLoad,
              kPolicyOr, kFlushContext, kNvReadPublic, kReadPublic, kStartAuthSession, kGetCapability, kGetRandom}) {
            QTest::newRow(tpm::traitsOf(code).name.data()) << code;
        }
    }
    void whatAStationSendsPasses()
    {
        QFETCH(const std::uint32_t, code);
        QVERIFY(lets(CommandGate{{}}, plainFrame(code)));
    }

    /// Of all codes with and without the vendor's bit, none but those that a station sends.
    void nothingElsePasses()
    {
        const CommandGate gate{{}};
        for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
            QVERIFY(!lets(gate, plainFrame(0x20000000 | code)));
            QCOMPARE(lets(gate, plainFrame(code)), tpm::isOwnCommand(code) && code != kEvictControl);
        }
    }

    void aFlagLetsThroughTheCommandThatItNames()
    {
        for (const auto& permission : permissions()) {
            const CommandGate gate{{permission.commandCode}};
            for (const auto& other : permissions()) {
                QCOMPARE(lets(gate, plainFrame(other.commandCode)), other.commandCode == permission.commandCode);
            }
        }
    }

    /// Source: TPM 2.0 Library Part 2, "TPM_CC".
    void everyDestructiveCommandHasItsFlag()
    {
        constexpr std::array kDestructive{0x120U, 0x121U, 0x124U, 0x125U, 0x126U};
        QCOMPARE(permissions().size(), kDestructive.size());
        for (const auto code : kDestructive) {
            QVERIFY(std::ranges::find(permissions(), code, &Permission::commandCode) != permissions().end());
        }
    }

    void aLoadedKeyMayBeKept() { QVERIFY(lets(CommandGate{{}}, evictControl(kKey, kPersistent))); }

    void aKeyOfTheDeviceStays()
    {
        QVERIFY(!lets(CommandGate{{}}, evictControl(kPersistent, kPersistent)));
        QVERIFY(lets(CommandGate{{kEvictControl}}, evictControl(kPersistent, kPersistent)));
    }

    void whatTheLineKeptMayBeTakenBack()
    {
        LineAccount account;
        const auto kept = evictControl(kKey, kPersistent);
        account.note(must(tpm::parseCommandHeader(kept)), kept, plainFrame(0));
        QVERIFY(lets(CommandGate{{}}, evictControl(kPersistent, kPersistent), account));
        QVERIFY(!lets(CommandGate{{}}, evictControl(kPersistent + 1, kPersistent), account));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_command_gate)
#include "tst_command_gate.moc"
