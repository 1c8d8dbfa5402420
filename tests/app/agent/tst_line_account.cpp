#include "app/agent/line_account.h"
#include "tests/support/must.h"
#include "tests/support/tpm_commands.h"

#include <QTest>

namespace enroll::test {
namespace {

using namespace app::agent;
using namespace tpm::command_code;

constexpr std::uint32_t kKey = 0x80000000;
constexpr std::uint32_t kSession = 0x02000000;
constexpr std::uint32_t kPersistent = 0x81000001;

Bytes bringing(std::uint32_t handle)
{
    return plainFrame(0, ByteWriter{}.u32(handle).view());
}

void note(LineAccount& account, const Bytes& command, const Bytes& response)
{
    account.note(must(tpm::parseCommandHeader(command)), command, response);
}

std::optional<Keeping> readKeepingOf(const Bytes& command)
{
    return readKeeping(must(tpm::parseCommandHeader(command)), command);
}

} // namespace

class tst_line_account : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasLoadedIsKnownUntilItIsFlushed()
    {
        LineAccount account;
        note(account, createPrimary(), bringing(kKey));
        note(account, startSession(), bringing(kSession));
        QVERIFY((account.loaded() == tpm::LoadedHandles{kKey, kSession}));
        note(account, flushContext(kKey), plainFrame(0));
        QVERIFY(account.loaded() == tpm::LoadedHandles{kSession});
    }

    void aRefusalChangesNothing()
    {
        LineAccount account;
        note(account, createPrimary(), plainFrame(0x902));
        QVERIFY(account.loaded().empty());
        note(account, createPrimary(), bringing(kKey));
        note(account, flushContext(kKey), plainFrame(0x1C4));
        QVERIFY(account.loaded() == tpm::LoadedHandles{kKey});
        note(account, evictControl(kKey, kPersistent), plainFrame(0x14B));
        QVERIFY(!account.hasKept(kPersistent));
    }

    void commandsThatBringNoHandleLoadNothing()
    {
        LineAccount account;
        note(account, getRandom(), plainFrame(0, ByteWriter{}.sized(asBytes("random")).view()));
        QVERIFY(account.loaded().empty());
    }

    void whatWasKeptIsKnownUntilItIsTakenAway()
    {
        LineAccount account;
        note(account, evictControl(kKey, kPersistent), plainFrame(0));
        QVERIFY(account.hasKept(kPersistent));
        note(account, evictControl(kPersistent, kPersistent), plainFrame(0));
        QVERIFY(!account.hasKept(kPersistent));
    }

    void aTpmThatNeverEndsDoesNotFillTheMemory()
    {
        LineAccount account;
        for (std::uint32_t i = 0; i < 2 * LineAccount::kMostLoaded; ++i) {
            note(account, createPrimary(), bringing(kKey + i));
            note(account, evictControl(kKey, kPersistent + i), plainFrame(0));
        }
        QVERIFY(account.full());
        QCOMPARE(account.loaded().size(), LineAccount::kMostLoaded);
        QVERIFY(account.hasKept(kPersistent));
        QVERIFY(!account.hasKept(kPersistent + LineAccount::kMostKept));
    }

    void readsWhatIsKeptAndWhatIsTakenAway()
    {
        const auto kept = readKeepingOf(evictControl(kKey, kPersistent));
        QVERIFY(kept && kept->keeps());
        QCOMPARE(kept->persistentHandle, kPersistent);
        const auto taken = readKeepingOf(evictControl(kPersistent, kPersistent));
        QVERIFY(taken && !taken->keeps());
    }

    void readsNothingOfWhatIsBuiltOtherwise_data()
    {
        QTest::addColumn<Bytes>("command");
        QTest::newRow("another command") << getRandom();
        QTest::newRow("without sessions") << plainFrame(kEvictControl, ByteWriter{}.u32(1).u32(kKey).view());
        QTest::newRow("nothing") << frameOf(tpm::kTagSessions, kEvictControl);
        auto longer = ByteWriter{};
        longer.u32(1).u32(kKey).bytes(emptyPassword()).u32(kPersistent).u8(0);
        QTest::newRow("a byte more") << frameOf(tpm::kTagSessions, kEvictControl, longer.view());
        auto beyond = ByteWriter{};
        beyond.u32(1).u32(kKey).u32(0xFFFFFFFF).u32(kPersistent);
        QTest::newRow("authorizations beyond the end") << frameOf(tpm::kTagSessions, kEvictControl, beyond.view());
    }
    void readsNothingOfWhatIsBuiltOtherwise()
    {
        QFETCH(const Bytes, command);
        QVERIFY(!readKeepingOf(command));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_line_account)
#include "tst_line_account.moc"
