#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "core/transport/open_channel.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/support/must.h"

#include <QTest>

#include <algorithm>

// Every lie about every response of a run, one at a time: what the station calls it, and what it leaves behind. The
// states that a device may come in have a table of their own, tst_device_states.

namespace enroll::test {
namespace {

using C = DeviceCode;
using Then = RelayReply::Then;
using Command = TwistedLine::Command;
using Part = ResponseParts::Part;

/// After which of the lies a run may still end in PASS, with the TPM's own key.
enum class Passes {
    Never,     ///< but for a lie about a flush: by then nothing is left to be believed
    Sometimes, ///< where the response is read again, or what was altered matters to nobody
    Always,
};

struct LieRow {
    const char* name;
    Twist twist;
    Passes passes;
    std::vector<C> codes;                                     ///< of the runs that do not pass
    std::function<bool(const Exchange& honest)> applies = {}; ///< empty: to every response
    Command command = Command::CarriedOut;
};

bool failed(const Exchange& exchange)
{
    return exchange.response.size() == tpm::kHeaderSize && exchange.response.back() != std::byte{0};
}

bool has(const Part ResponseParts::*part, const Exchange& exchange)
{
    return !(partsOf(exchange).*part).empty();
}

/// The response with one bit of a part turned over: the first of the part, or one of its last byte.
enum class Bit { First, Last };
Twist flipping(const Part ResponseParts::*part, Bit bit)
{
    return [part, bit](const Exchange& now, const std::vector<Exchange>& /*before*/) {
        auto response = now.response;
        const auto where = partsOf(now).*part;
        response.at(bit == Bit::First ? where.begin : where.end - 1) ^=
            bit == Bit::First ? std::byte{0x80} : std::byte{0x01};
        return RelayReply{std::move(response)};
    };
}

Twist flippingHeader(std::size_t offset, unsigned mask)
{
    return [offset, mask](const Exchange& now, const std::vector<Exchange>& /*before*/) {
        auto response = now.response;
        response.at(offset) ^= static_cast<std::byte>(mask);
        return RelayReply{std::move(response)};
    };
}

Twist saying(std::uint32_t code)
{
    return [code](const Exchange& /*now*/, const std::vector<Exchange>& /*before*/) {
        return RelayReply{bareResponse(tpm::kTagNoSessions, code)};
    };
}

/// Twists that make one frame of another.
Twist changing(Bytes (*change)(const Exchange& now), Then then = Then::Continue)
{
    return [change, then](const Exchange& now, const std::vector<Exchange>& /*before*/) {
        return RelayReply{change(now), {}, then};
    };
}

Bytes half(const Exchange& now)
{
    return {now.response.begin(), now.response.begin() + std::ssize(now.response) / 2};
}

Bytes nothing(const Exchange& /*now*/)
{
    return {};
}

Bytes oneByteLess(const Exchange& now)
{
    auto response = now.response;
    response.pop_back();
    return withOwnSize(std::move(response));
}

Bytes longer(const Exchange& now)
{
    auto response = now.response;
    response.resize(response.size() + 16);
    return response;
}

Bytes longerAndSaysSo(const Exchange& now)
{
    return withOwnSize(longer(now));
}

Bytes announcesAMebibyte(const Exchange& now)
{
    auto response = now.response;
    response.at(3) = std::byte{0x10};
    return response;
}

Bytes filledWith(const Exchange& now, std::byte value)
{
    auto response = now.response;
    std::fill(response.begin() + tpm::kHeaderSize, response.end(), value);
    return response;
}

Bytes zeros(const Exchange& now)
{
    return filledWith(now, std::byte{0});
}

Bytes ones(const Exchange& now)
{
    return filledWith(now, std::byte{0xFF});
}

Bytes emptySuccess(const Exchange& now)
{
    ByteReader reader{now.command};
    return bareResponse(reader.u16("tag").value(), 0);
}

/// Without parameterSize and authorizations, as if the command had no sessions.
Bytes withoutSessions(const Exchange& now)
{
    const auto parts = partsOf(now);
    const ByteView response = now.response;
    auto frame = concat({response.first(parts.handle.end),
                         response.subspan(parts.parameters.begin, parts.parameters.end - parts.parameters.begin)});
    frame.at(1) = std::byte{0x01};
    return withOwnSize(std::move(frame));
}

Bytes failureWithBody(const Exchange& now)
{
    auto response = now.response;
    response.at(8) = std::byte{0x01};
    return response;
}

/// Behind the deadline of the station, which by then has hung up.
RelayReply tooLate(const Exchange& now, const std::vector<Exchange>& /*before*/)
{
    return {now.response, kAnswerDeadline + std::chrono::milliseconds{200}};
}

RelayReply previous(const Exchange& now, const std::vector<Exchange>& before)
{
    return {before.empty() ? now.response : before.back().response};
}

RelayReply first(const Exchange& now, const std::vector<Exchange>& before)
{
    return {before.empty() ? now.response : before.front().response};
}

RelayReply earlier(const Exchange& now, const std::vector<Exchange>& before)
{
    return {before.empty() ? now.response : before.at(before.size() / 2).response};
}

/// The one before the previous response to the same command.
RelayReply sameCommandBefore(const Exchange& now, const std::vector<Exchange>& before)
{
    const auto found = std::find_if(before.rbegin(), before.rend(),
                                    [&now](const Exchange& exchange) { return exchange.code == now.code; });
    return {found == before.rend() ? now.response : found->response};
}

/// A second TPM that gives the answers of the first, one run long.
class OtherTpm {
public:
    Bytes answer(const Bytes& command)
    {
        auto line = must(transport::openChannel(must(transport::parseDeviceAddress(m_tpm.address())),
                                                Deadline::in(std::chrono::seconds{5}), {}));
        must(line->send(command, Deadline::in(std::chrono::seconds{5})));
        Bytes frame(4096);
        frame.resize(must(line->receive(frame, Deadline::in(std::chrono::seconds{30}))));
        return frame;
    }
    [[nodiscard]] std::string address() const { return m_tpm.address(); }

private:
    SwtpmFixture m_tpm;
};

bool isFlush(const Exchange& exchange)
{
    return exchange.code == tpm::command_code::kFlushContext;
}

/// What a warm device does not show: no key where one is looked for, and a key that is made.
bool onlyOfAColdDevice(const Exchange& exchange)
{
    return failed(exchange) || exchange.code == tpm::command_code::kCreatePrimary;
}

bool hasBody(const Exchange& exchange)
{
    return exchange.response.size() > tpm::kHeaderSize;
}

/// For a response with this part alone.
std::function<bool(const Exchange&)> with(const Part ResponseParts::*part)
{
    return [part](const Exchange& exchange) { return has(part, exchange); };
}

/// What becomes of words that a TPM could say, at the wrong moment: the frame may fit the command or not, the station
/// may see that it was lied to, or the TPM may refuse what it is then asked.
const std::vector<C> kAnyRefusal{C::TpmResponseMalformed, C::AnswersChanged,   C::TpmRefusedCommand,
                                 C::ActivationRefused,    C::AttestationWrong, C::StorageRootKeyUnusable};

/// Bytes that are not those of a TPM, or are too many or too few.
std::vector<LieRow> brokenFrames()
{
    const auto makesNoKey = [](const Exchange& e) { return e.code != tpm::command_code::kCreatePrimary; };
    return {
        {"half, then closed", changing(half, Then::Close), Passes::Never, {C::TpmResponseTruncated}},
        {"half, then silent", changing(half, Then::Stall), Passes::Never, {C::TpmTimedOut}},
        {"silent", changing(nothing, Then::Stall), Passes::Never, {C::TpmTimedOut}},
        {"too late", tooLate, Passes::Never, {C::TpmTimedOut}, makesNoKey},
        {"closed", changing(nothing, Then::Close), Passes::Never, {C::NoTpmAnswers}},
        {"one byte less", changing(oneByteLess), Passes::Sometimes, {C::TpmResponseMalformed}, hasBody},
        {"longer", changing(longer), Passes::Never, {C::TpmResponseOversized}},
        {"longer and says so", changing(longerAndSaysSo), Passes::Sometimes, {C::TpmResponseMalformed}},
        {"announces a mebibyte", changing(announcesAMebibyte), Passes::Never, {C::TpmResponseOversized}},
        {"zeros", changing(zeros), Passes::Sometimes, kAnyRefusal},
        {"ones", changing(ones), Passes::Never, {C::TpmResponseMalformed}, hasBody},
        {"failure with a body", changing(failureWithBody), Passes::Never, {C::TpmResponseMalformed}, hasBody},
        {"another tag", flippingHeader(1, 0x03), Passes::Never, {C::TpmResponseMalformed}},
        {"a tag of no TPM", flippingHeader(0, 0x40), Passes::Never, {C::TpmResponseMalformed}},
        {"another size",
         flippingHeader(5, 0x04),
         Passes::Never,
         {C::TpmResponseOversized, C::TpmTimedOut, C::TpmResponseMalformed}},
        {"unknown layer", flippingHeader(6, 0x40), Passes::Never, {C::TpmResponseMalformed}},
    };
}

/// Sound frames that say something else.
std::vector<LieRow> otherWords()
{
    using P = ResponseParts;
    return {
        {"empty success", changing(emptySuccess), Passes::Never, {C::TpmResponseMalformed}},
        {"empty success for a failure", changing(emptySuccess), Passes::Never, {C::TpmResponseMalformed}, failed},
        {"the previous again", previous, Passes::Sometimes, kAnyRefusal},
        {"the first again", first, Passes::Sometimes, kAnyRefusal},
        {"an earlier one", earlier, Passes::Sometimes, kAnyRefusal},
        {"the same command's before", sameCommandBefore, Passes::Sometimes, kAnyRefusal},
        {"a bit of the handle", flipping(&P::handle, Bit::Last), Passes::Never, kAnyRefusal, with(&P::handle)},
        {"a kind of handle", flipping(&P::handle, Bit::First), Passes::Never, kAnyRefusal, with(&P::handle)},
        {"first bit of the parameters", flipping(&P::parameters, Bit::First), Passes::Sometimes, kAnyRefusal,
         with(&P::parameters)},
        {"last bit of the parameters", flipping(&P::parameters, Bit::Last), Passes::Sometimes, kAnyRefusal,
         with(&P::parameters)},
        {"first bit of the authorizations",
         flipping(&P::authorizations, Bit::First),
         Passes::Never,
         {C::TpmResponseMalformed},
         with(&P::authorizations)},
        {"last bit of the authorizations",
         flipping(&P::authorizations, Bit::Last),
         Passes::Never,
         {C::TpmResponseMalformed, C::AnswersChanged},
         with(&P::authorizations)},
        {"no sessions", changing(withoutSessions), Passes::Never, {C::TpmResponseMalformed}, with(&P::authorizations)},
    };
}

/// Failure codes, over what the TPM did and in its place.
std::vector<LieRow> failures()
{
    std::vector<LieRow> rows;
    const auto row = [&rows](const char* over, const char* instead, std::uint32_t code, Passes passes,
                             std::vector<C> codes) {
        // In a salted session a failure about the session is an altered answer; a key that is not made is one missing.
        codes.insert(codes.end(), {C::AnswersChanged, C::StorageRootKeyUnusable});
        rows.push_back({over, saying(code), passes, codes});
        // A flush that the TPM never heard of leaves the object loaded: the station cannot know.
        rows.push_back(
            {instead, saying(code), passes, codes, [](const auto& e) { return !isFlush(e); }, Command::KeptBack});
    };
    row("refusal over it", "refusal instead", 0x1DF, Passes::Never, {C::TpmRefusedCommand, C::ActivationRefused});
    row("no room over it", "no room instead", 0x902, Passes::Sometimes, {C::TpmResourcesExhausted});
    row("not now over it", "not now instead", 0x922, Passes::Sometimes, {C::TpmRefusedCommand});
    row("wrong password over it", "wrong password instead", 0x98E, Passes::Sometimes, {C::TpmHierarchyLocked});
    row("wrong HMAC over it", "wrong HMAC instead", 0x9A2, Passes::Sometimes, {C::TpmHierarchyLocked});
    row("locked out over it", "locked out instead", 0x921, Passes::Never, {C::TpmLockedOut});
    row("failure mode over it", "failure mode instead", 0x101, Passes::Never, {C::TpmSelfTestFailed});
    row("nothing there over it", "nothing there instead", 0x18B, Passes::Sometimes,
        {C::TpmRefusedCommand, C::ActivationRefused, C::EkCertificateMissing});
    row("not started over it", "not started instead", 0x100, Passes::Never, {C::TpmNotStarted});
    return rows;
}

} // namespace

class tst_attack_table : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (auto rows : {brokenFrames(), otherWords(), failures()}) {
            std::ranges::move(rows, std::back_inserter(m_rows));
        }
        m_rows.push_back({"another TPM's answer",
                          [this](const Exchange& now, const std::vector<Exchange>& /*before*/) {
                              return RelayReply{m_other.answer(now.command)};
                          },
                          Passes::Sometimes, kAnyRefusal});
        QVERIFY(m_rows.size() >= 40);
        QVERIFY(m_warm.honest().size() >= 20);
    }

    void aLieAboutAnyResponseIsNamed_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(m_rows); ++row) {
            QTest::newRow(m_rows[static_cast<std::size_t>(row)].name) << row;
        }
    }
    void aLieAboutAnyResponseIsNamed()
    {
        QFETCH(const int, row);
        const auto& lie = m_rows[static_cast<std::size_t>(row)];
        int tried = 0;
        m_wrong = 0;
        for (const auto* bench : {&m_warm, &m_cold}) {
            for (std::size_t at = 0; at < bench->honest().size(); ++at) {
                const auto& honest = bench->honest()[at];
                const bool known = bench == &m_cold && !onlyOfAColdDevice(honest);
                if (!known && (!lie.applies || lie.applies(honest))) {
                    tried += tryOne(lie, *bench, at) ? 1 : 0;
                }
            }
            QCOMPARE(bench->attest(bench->address()).verdict.outcome, Outcome::Pass); // the TPM is as it was
        }
        QCOMPARE(m_wrong, 0);
        QVERIFY(tried > 0);
    }

private:
    /// One run with the lie about response \p at; false if it was none. Prints what does not end as it must.
    bool tryOne(const LieRow& lie, const AttackBench& bench, std::size_t at)
    {
        const TwistedLine line{bench.address(), at, lie.twist, lie.command};
        const auto run = timedRun(bench, line.address());
        flushEverything(m_other.address());
        const auto& honest = bench.honest()[at];
        if (const auto why = whyNot(lie, bench, honest, run); why && line.lied()) {
            ++m_wrong;
            qWarning("%zu %s: %s (%s)", at, std::string{tpm::traitsOf(honest.code).name}.c_str(), why->c_str(),
                     textOf(run.report).c_str());
        }
        return line.lied();
    }

    /// What is wrong with how the run ended; nothing if all is right.
    static std::optional<std::string> whyNot(const LieRow& lie, const AttackBench& bench, const Exchange& honest,
                                             const TimedRun& run)
    {
        if (auto broken = bench.broken(run.report, run.took)) {
            return broken;
        }
        const auto& verdict = run.report.verdict;
        if (verdict.outcome == Outcome::Pass) {
            return lie.passes == Passes::Never && !isFlush(honest) ? std::optional{std::string{"passes"}}
                                                                   : std::nullopt;
        }
        const auto named = [&verdict](C code) { return verdict.code == ErrorCode{code}; };
        if (lie.passes == Passes::Always || std::ranges::none_of(lie.codes, named)) {
            return "is not what was expected";
        }
        return std::nullopt;
    }

    const AttackBench m_warm{AttackBench::Device::Warm};
    const AttackBench m_cold{AttackBench::Device::Cold};
    OtherTpm m_other;
    std::vector<LieRow> m_rows;
    int m_wrong = 0;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_attack_table)
#include "tst_attack_table.moc"
