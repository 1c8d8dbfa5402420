#include "core/base/device_code.h"
#include "core/tpm/loaded_handles.h"
#include "tests/support/scripted_channel.h"

#include <QTest>

namespace enroll::test {
namespace {

using namespace tpm;

const Bytes kDone = fromHex("80010000000a00000000").value();

/// The response of a TPM that lists \p handles.
Bytes listOf(std::initializer_list<std::uint32_t> handles)
{
    ByteWriter writer;
    writer.u16(kTagNoSessions).u32(static_cast<std::uint32_t>(kHeaderSize + 9 + 4 * handles.size())).u32(0);
    writer.u8(0).u32(1).u32(static_cast<std::uint32_t>(handles.size()));
    for (const auto handle : handles) {
        writer.u32(handle);
    }
    return std::move(writer).take();
}

Bytes flushOf(std::uint32_t handle)
{
    ByteWriter writer;
    writer.u16(kTagNoSessions).u32(kHeaderSize + 4).u32(0x165).u32(handle);
    return std::move(writer).take();
}

Deadline soon()
{
    return Deadline::in(std::chrono::minutes{1});
}

} // namespace

class TestLoadedHandles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_script = {};
        m_exchange = std::make_unique<TpmExchange>(std::make_unique<ScriptedChannel>(m_script), CommandDeadlines{},
                                                   std::stop_token{});
    }

    void flushesWhatWasNotThereBefore()
    {
        m_script.pieces = {listOf({0x80000000, 0x80000001}), listOf({0x02000000, 0x03000001}), kDone, kDone, kDone};
        QVERIFY(flushAllBut(*m_exchange, {0x80000000}, soon()).ok());
        QVERIFY((flushed() == std::vector<Bytes>{flushOf(0x80000001), flushOf(0x03000001), flushOf(0x02000000)}));
    }

    void flushesNothingThatIsNoObjectAndNoSession()
    {
        m_script.pieces = {listOf({0x80000002, 0x81010001, 0x40000007, 0xFFFFFFFF}), listOf({0x01C00002, 0x00000000}),
                           kDone};
        QVERIFY(flushAllBut(*m_exchange, {}, soon()).ok());
        QVERIFY((flushed() == std::vector<Bytes>{flushOf(0x80000002)}));
    }

    void takesNoOtherListForHandles()
    {
        auto properties = listOf({0x80000000});
        properties.at(kHeaderSize + 4) = std::byte{6}; // TPM_CAP_TPM_PROPERTIES
        m_script.pieces = {properties, listOf({})};
        const auto handles = readLoadedHandles(*m_exchange);
        QVERIFY(!handles.ok());
        QCOMPARE(handles.error().code, DeviceCode::TpmResponseMalformed);
    }

    void doesNotAskForSessionsWhereThereAreNone()
    {
        m_script.pieces = {listOf({0x80000001})};
        const auto handles = readLoadedHandles(*m_exchange, Sessions::KnownToBeNone);
        QVERIFY(handles.ok());
        QCOMPARE(*handles, (LoadedHandles{0x80000001}));
        QCOMPARE(m_script.sent.size(), std::size_t{1});
    }

    void flushesTheOthersAfterARefusalAndTellsOfIt()
    {
        m_script.pieces = {listOf({0x80000000, 0x80000001}), listOf({}), fromHex("80010000000a000001C4").value(),
                           kDone};
        const auto outcome = flushAllBut(*m_exchange, {}, soon());
        QCOMPARE(outcome.error().code, DeviceCode::TpmRefusedCommand);
        QCOMPARE(flushed().size(), std::size_t{2});
    }

    void stopsAtTheFirstSilence()
    {
        m_script.pieces = {listOf({0x80000000, 0x80000001, 0x80000002}), listOf({}), kDone};
        const auto outcome = flushAllBut(*m_exchange, {}, soon());
        QCOMPARE(outcome.error().code, DeviceCode::TpmTimedOut);
        QCOMPARE(flushed().size(), std::size_t{2});
    }

    void flushesNothingMoreOnceItsTimeIsOver()
    {
        m_script.pieces = {listOf({0x80000000}), listOf({}), kDone};
        const auto outcome = flushAllBut(*m_exchange, {}, Deadline::in(std::chrono::milliseconds{0}));
        QVERIFY(!outcome.ok());
        QCOMPARE(outcome.error().code, DeviceCode::TpmTimedOut);
        QVERIFY(flushed().empty());
    }

private:
    /// The commands behind the two that ask for handles.
    std::vector<Bytes> flushed() const
    {
        const auto skipped = std::min<std::size_t>(m_script.sent.size(), 2);
        return {m_script.sent.begin() + static_cast<std::ptrdiff_t>(skipped), m_script.sent.end()};
    }

    ScriptedChannel::Script m_script;
    std::unique_ptr<TpmExchange> m_exchange;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestLoadedHandles)
#include "tst_loaded_handles.moc"
