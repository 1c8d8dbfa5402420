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

/// The TPM's answer to its key comes never; the stop comes meanwhile. Nothing on this line is answered again.
RelayBehaviour keepsTheKeyBack(std::stop_source& stop)
{
    const auto lost = std::make_shared<bool>(false);
    return {.instead = [lost](std::uint32_t) -> std::optional<RelayReply> {
                return *lost ? std::optional{RelayReply{{}, {}, RelayReply::Then::Stall}} : std::nullopt;
            },
            .reply =
                [lost, &stop](std::uint32_t code, Bytes response) {
                    if (code != kCreatePrimary) {
                        return RelayReply{std::move(response)};
                    }
                    *lost = true;
                    stop.request_stop();
                    return RelayReply{{}, {}, RelayReply::Then::Stall};
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
    void aStopWithinTheMakingOfAKey()
    {
        const SwtpmFixture tpm;
        std::stop_source stop;
        {
            const TpmRelay relay{tpm.address(), keepsTheKeyBack(stop)};
            auto device = tpmAt(relay.address(), stop.get_token());
            const auto answer = attest(*device, asBytes(kMessage));
            QVERIFY(!answer.ok());
            QCOMPARE(answer.error().code, DeviceCode::Cancelled);
            QVERIFY(!device->release().ok()); // it says so: nothing answers any more
        }
        QVERIFY(!tpm.loadedHandles().empty());
        QVERIFY(tpmAt(tpm.address())->connect().ok());
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
