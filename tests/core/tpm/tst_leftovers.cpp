#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

namespace enroll::test {
namespace {

using namespace tpm::command_code;

constexpr auto kMessage = "message";
constexpr std::uint32_t kHandles = 1; // TPM_CAP_HANDLES

std::uint32_t fieldAt(ByteView frame, std::size_t offset)
{
    return ByteReader{frame.subspan(offset)}.u32("field").value();
}

/// What becomes of the answer to a key that the TPM makes while a stop is asked.
enum class KeyAnswer {
    Never, ///< nor to anything else on this line
    Late,  ///< behind the time that a stopped run waits for it
    Soon,
};

/// The stop comes while the TPM makes its key with the number \p key, from 1.
RelayBehaviour stoppingWithin(int key, KeyAnswer answer, std::stop_source& stop)
{
    constexpr std::chrono::seconds kLate{5};
    const auto lost = std::make_shared<bool>(false);
    const auto left = std::make_shared<int>(key);
    return {.instead = [lost](std::uint32_t) -> std::optional<RelayReply> {
                return *lost ? std::optional{RelayReply{{}, {}, RelayReply::Then::Stall}} : std::nullopt;
            },
            .reply =
                [=, &stop](std::uint32_t code, Bytes response) {
                    if (code != kCreatePrimary || --*left != 0) {
                        return RelayReply{std::move(response)};
                    }
                    stop.request_stop();
                    *lost = answer == KeyAnswer::Never;
                    return *lost ? RelayReply{{}, {}, RelayReply::Then::Stall}
                                 : RelayReply{std::move(response),
                                              answer == KeyAnswer::Late ? kLate : std::chrono::seconds{}};
                }};
}

/// Says that each flush was done, and the TPM never hears of one.
RelayBehaviour swallowsFlushes()
{
    return {.instead = [](std::uint32_t code) -> std::optional<RelayReply> {
                ByteWriter done;
                done.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize).u32(0);
                return code == kFlushContext ? std::optional{RelayReply{std::move(done).take()}} : std::nullopt;
            },
            .reply = {}};
}

/// What a device lists that has more for ever, each time it is asked for handles from \p first on.
using Lists = std::vector<std::uint32_t> (*)(std::uint32_t first);

RelayBehaviour hasMoreForEver(Lists lists)
{
    const auto heard = std::make_shared<Bytes>();
    return {.instead = {},
            .reply =
                [heard, lists](std::uint32_t code, Bytes response) {
                    constexpr std::uint32_t kFirstPersistent = 0x81000000;
                    const bool meant = code == kGetCapability && fieldAt(*heard, tpm::kHeaderSize) == kHandles &&
                                       fieldAt(*heard, tpm::kHeaderSize + 4) >= kFirstPersistent;
                    if (!meant) {
                        return RelayReply{std::move(response)};
                    }
                    const auto handles = lists(fieldAt(*heard, tpm::kHeaderSize + 4));
                    ByteWriter writer;
                    writer.u16(tpm::kTagNoSessions);
                    writer.u32(static_cast<std::uint32_t>(tpm::kHeaderSize + 9 + 4 * handles.size())).u32(0);
                    writer.u8(1).u32(kHandles).u32(static_cast<std::uint32_t>(handles.size()));
                    for (const auto handle : handles) {
                        writer.u32(handle);
                    }
                    return RelayReply{std::move(writer).take()};
                },
            .heard = [heard](const Bytes& command) { *heard = command; }};
}

} // namespace

/// What a run leaves in a TPM because it could not do otherwise, the next contact takes out of it.
class tst_leftovers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Three stops in turn: a TPM has room for three objects, and each run makes one or two.
    void stopsWithinTheMakingOfAKey_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<KeyAnswer>("answer");
        for (const int key : {1, 2}) {
            QTest::addRow("key %d, no answer", key) << key << KeyAnswer::Never;
            QTest::addRow("key %d, late answer", key) << key << KeyAnswer::Late;
            QTest::addRow("key %d, answer", key) << key << KeyAnswer::Soon;
        }
    }
    void stopsWithinTheMakingOfAKey()
    {
        QFETCH(const int, key);
        QFETCH(const KeyAnswer, answer);
        const SwtpmFixture tpm;
        tpm.evict("0x81010001"); // both keys are made
        for (int round = 0; round < 3; ++round) {
            std::stop_source stop;
            const TpmRelay relay{tpm.address(), stoppingWithin(key, answer, stop)};
            auto device = tpmAt(relay.address(), stop.get_token());
            const auto stopped = attest(*device, asBytes(kMessage));
            QVERIFY(!stopped.ok());
            QCOMPARE(stopped.error().code, DeviceCode::Cancelled);
            QCOMPARE(relay.commands(kCreatePrimary), static_cast<std::uint64_t>(key));
            QCOMPARE(device->release().ok(), answer != KeyAnswer::Never); // it says so where nothing answers any more
        }
        QCOMPARE(tpm.loadedHandles().empty(), answer != KeyAnswer::Never);
        auto device = tpmAt(tpm.address());
        QVERIFY(device->connect().ok());
        QVERIFY(device->release().ok());
        QCOMPARE(tpm.loadedHandles(), std::string{});
        const auto next = attest(*device, asBytes(kMessage));
        QVERIFY2(next.ok(), next ? "" : describeForLog(next.error()).c_str());
        QCOMPARE(next->given, next->expected);
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void flushesThatTheTpmNeverHeardOf()
    {
        const SwtpmFixture tpm;
        {
            const TpmRelay relay{tpm.address(), swallowsFlushes()};
            auto device = tpmAt(relay.address());
            QVERIFY(attest(*device, asBytes(kMessage)).ok());
            QVERIFY(relay.commands(kFlushContext) > 0);
        }
        QVERIFY(!tpm.loadedHandles().empty());
        auto device = tpmAt(tpm.address());
        QVERIFY(attest(*device, asBytes(kMessage)).ok());
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// Twice on the same line, which has room for three objects.
    void flushesThatTheTpmNeverHearsOfEndInAFullTpm()
    {
        const SwtpmFixture tpm;
        const TpmRelay relay{tpm.address(), swallowsFlushes()};
        auto device = tpmAt(relay.address());
        QVERIFY(attest(*device, asBytes(kMessage)).ok());
        const auto second = attest(*device, asBytes(kMessage));
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, DeviceCode::TpmResourcesExhausted);
    }

    void aListOfHandlesWithoutEnd_data()
    {
        QTest::addColumn<Lists>("lists");
        QTest::addColumn<bool>("tooMany");
        QTest::newRow("one more each time") << Lists{[](auto first) { return std::vector{first}; }} << true;
        QTest::newRow("always the same") << Lists{[](auto) { return std::vector{0x81010001U}; }} << false;
        QTest::newRow("none, and more") << Lists{[](auto) { return std::vector<std::uint32_t>{}; }} << false;
        QTest::newRow("the last there is") << Lists{[](auto) { return std::vector{0xFFFFFFFFU}; }} << false;
    }
    void aListOfHandlesWithoutEnd()
    {
        QFETCH(const Lists, lists);
        QFETCH(const bool, tooMany);
        const TpmRelay relay{m_tpm.address(), hasMoreForEver(lists)};
        auto device = tpmAt(relay.address());
        QVERIFY(device->connect().ok());
        const auto read = device->readAllEndorsementKeys({});
        QCOMPARE(read.ok(), !tooMany);
        QVERIFY(!tooMany || read.error().code == DeviceCode::TpmResponseMalformed);
        QVERIFY(relay.commands(kGetCapability) < 300);
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

private:
    const SwtpmFixture m_tpm;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_leftovers)
#include "tst_leftovers.moc"
