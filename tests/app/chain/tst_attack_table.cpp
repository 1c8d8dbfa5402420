#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "core/transport/open_channel.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/app/chain/lies.h"
#include "tests/support/must.h"

#include <QTest>

#include <algorithm>

// Every lie about every response of a run, one at a time: what the station calls it, and what it leaves behind. The
// states that a device may come in have a table of their own, tst_device_states.

namespace enroll::test {
namespace {

using namespace tpm::command_code;
using attestation::Verdict;
using C = DeviceCode;
using P = ResponseParts;
using Then = RelayReply::Then;
using Command = TwistedLine::Command;

/// What a response is for.
enum class Stage {
    Looking,    ///< read in the clear, and not believed until it was read again
    Salting,    ///< the session is made that only the TPM with this endorsement key can use
    Opening,    ///< the challenge is opened, under a policy and in the salted session
    Proving,    ///< the key from the challenge is put to use
    Confirming, ///< what was read before is read again, in the salted session
    Releasing,  ///< by now nothing is left to be believed
};

/// How a run may end: with a code, and the verdict that the code's own row has, or in PASS with the TPM's own key.
using Ending = std::optional<C>;
constexpr Ending kPass;

/// The endings of the responses that it fits. The first rule that fits a response is the one that counts.
struct Rule {
    std::function<bool(Stage stage, const Exchange& honest)> fits;
    std::vector<Ending> endings;
};

Rule anywhere(std::vector<Ending> endings)
{
    return {[](Stage, const Exchange&) { return true; }, std::move(endings)};
}

Rule at(Stage stage, std::vector<Ending> endings)
{
    return {[stage](Stage is, const Exchange&) { return is == stage; }, std::move(endings)};
}

Rule on(std::vector<std::uint32_t> commands, std::vector<Ending> endings)
{
    return {[commands = std::move(commands)](Stage, const Exchange& honest) {
                return std::ranges::find(commands, honest.code) != commands.end();
            },
            std::move(endings)};
}

Rule on(Stage stage, std::vector<std::uint32_t> commands, std::vector<Ending> endings)
{
    auto rule = on(std::move(commands), std::move(endings));
    rule.fits = [stage, fits = std::move(rule.fits)](Stage is, const Exchange& honest) {
        return is == stage && fits(is, honest);
    };
    return rule;
}

/// An area in the clear whose name does not fit it is asked for again: the line may have been at fault.
Rule areasAreReadAgain()
{
    return {[](Stage stage, const Exchange& honest) {
                return stage == Stage::Looking && !failed(honest) &&
                       (honest.code == kReadPublic || honest.code == kNvReadPublic);
            },
            {kPass}};
}

struct LieRow {
    const char* name;
    Twist twist;
    std::vector<Rule> rules;
    std::function<bool(const Exchange& honest)> applies = {}; ///< empty: to every response
    Command command = Command::CarriedOut;
};

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
std::function<bool(const Exchange&)> with(const P::Part P::*part)
{
    return [part](const Exchange& exchange) { return has(part, exchange); };
}

/// Bytes that are not those of a TPM, or are too many or too few.
std::vector<LieRow> brokenFrames()
{
    const auto makesNoKey = [](const Exchange& e) { return e.code != kCreatePrimary; };
    const auto sizeBit = [](bool set) {
        return [set](const Exchange& e) { return ((e.response.at(5) & std::byte{4}) != std::byte{0}) == set; };
    };
    const std::vector malformed{anywhere({C::TpmResponseMalformed})};
    const std::vector oversized{anywhere({C::TpmResponseOversized})};
    const std::vector timedOut{anywhere({C::TpmTimedOut})};
    const std::vector malformedOrReadAgain{areasAreReadAgain(), anywhere({C::TpmResponseMalformed})};
    return {
        {"half, then closed", changing(half, Then::Close), {anywhere({C::TpmResponseTruncated})}},
        {"half, then silent", changing(half, Then::Stall), timedOut},
        {"silent", changing(nothing, Then::Stall), timedOut},
        {"too late", tooLate, timedOut, makesNoKey},
        {"closed", changing(nothing, Then::Close), {anywhere({C::NoTpmAnswers})}},
        {"one byte less", changing(oneByteLess), malformedOrReadAgain, hasBody},
        {"longer", changing(longer), oversized},
        {"longer and says so", changing(longerAndSaysSo), malformedOrReadAgain},
        {"announces a mebibyte", changing(announcesAMebibyte), oversized},
        {"zeros", changing(zeros), malformedOrReadAgain, hasBody},
        {"ones", changing(ones), malformed, hasBody},
        {"failure with a body", changing(failureWithBody), malformed, hasBody},
        {"another tag", flippingHeader(1, 0x03), malformed},
        {"a tag of no TPM", flippingHeader(0, 0x40), malformed},
        {"four bytes fewer announced", flippingHeader(5, 0x04), oversized, sizeBit(true)},
        {"four bytes more announced", flippingHeader(5, 0x04), timedOut, sizeBit(false)},
        {"unknown layer", flippingHeader(6, 0x40), malformed},
    };
}

/// Sound frames that the TPM did say, but of something else. What becomes of one depends on what it happens to be: of
/// another shape than the command's it is malformed; properties of another group are told by the second reading, and a
/// frame of the salted session by its HMAC.
std::vector<LieRow> otherAnswers()
{
    constexpr auto kChanged = C::AnswersChanged;
    constexpr auto kMalformed = C::TpmResponseMalformed;
    const auto properties = on(Stage::Looking, {kGetCapability}, {kChanged, kMalformed});
    const auto noSession = on(Stage::Opening, {kStartAuthSession}, {C::TpmRefusedCommand});
    const auto confirmed = at(Stage::Confirming, {kChanged, kMalformed});
    return {
        // The area of another key is read again or refused by its shape; a handle that nothing is at is no key.
        {"the previous again",
         previous,
         {properties, on(Stage::Looking, {kReadPublic, kNvReadPublic}, {kPass, kMalformed}),
          on({kCreatePrimary}, {C::StorageRootKeyUnusable}), noSession, on({kImport}, {C::ActivationRefused}),
          confirmed, anywhere({kMalformed})}},
        {"the first again",
         first,
         {properties, on(Stage::Looking, {kReadPublic, kNvReadPublic}, {kPass}), anywhere({kMalformed})}},
        // Where the storage root key is asked for it may be the endorsement key: the challenge is then for another.
        {"an earlier one",
         earlier,
         {properties, on(Stage::Looking, {kReadPublic, kNvReadPublic}, {kPass, kChanged, C::ActivationRefused}),
          on({kImport}, {C::ActivationRefused}), confirmed, anywhere({kMalformed})}},
        {"the same command's before",
         sameCommandBefore,
         {properties, on(Stage::Looking, {kReadPublic}, {kChanged, C::ActivationRefused}), noSession, confirmed}},
    };
}

/// Sound frames that the TPM never said.
std::vector<LieRow> otherWords()
{
    const std::vector malformed{anywhere({C::TpmResponseMalformed})};
    return {
        {"empty success", changing(emptySuccess), malformed},
        {"empty success for a failure", changing(emptySuccess), malformed, failed},
        {"a bit of the handle",
         flipping(&P::handle, Bit::Last),
         {at(Stage::Salting, {C::AnswersChanged}), anywhere({C::TpmRefusedCommand})},
         with(&P::handle)},
        {"a kind of handle",
         flipping(&P::handle, Bit::First),
         {at(Stage::Salting, {C::AnswersChanged}), on({kCreatePrimary}, {C::ActivationRefused}),
          anywhere({C::TpmRefusedCommand})},
         with(&P::handle)},
        // Of properties it is moreData, which the station does not go by; of the others a size, or under the HMAC.
        {"first bit of the parameters",
         flipping(&P::parameters, Bit::First),
         {on(Stage::Looking, {kGetCapability}, {kPass}), on({kGetCapability}, {C::AnswersChanged}),
          anywhere({C::TpmResponseMalformed})},
         with(&P::parameters)},
        // The last property is one that nobody asks for, and of an empty list it is the count. Nobody uses the ticket of
        // TPM2_PolicySecret. Names do not fit their areas.
        {"last bit of the parameters",
         flipping(&P::parameters, Bit::Last),
         {areasAreReadAgain(), on(Stage::Looking, {kGetCapability}, {kPass, C::TpmResponseMalformed}),
          on({kPolicySecret}, {kPass}), on({kImport}, {C::ActivationRefused}), on({kHmac}, {C::AttestationWrong}),
          on({kLoad, kCreatePrimary}, {C::TpmResponseMalformed}), anywhere({C::AnswersChanged})},
         with(&P::parameters)},
        {"first bit of the authorizations", flipping(&P::authorizations, Bit::First), malformed,
         with(&P::authorizations)},
        // A password's authorization ends with a size; one of the salted session with its HMAC.
        {"last bit of the authorizations",
         flipping(&P::authorizations, Bit::Last),
         {at(Stage::Confirming, {C::AnswersChanged}), on({kActivateCredential}, {C::AnswersChanged}),
          anywhere({C::TpmResponseMalformed})},
         with(&P::authorizations)},
        {"no sessions", changing(withoutSessions), malformed, with(&P::authorizations)},
    };
}

/// The two lies with one failure code: over what the TPM did, and in its place. A flush that the TPM never heard of
/// leaves the object loaded: the station cannot know.
void addFailure(std::vector<LieRow>& rows, std::pair<const char*, const char*> names, std::uint32_t code,
                const std::vector<Rule>& over, const std::vector<Rule>& instead)
{
    rows.push_back({names.first, saying(code), over});
    rows.push_back({names.second, saying(code), instead, [](const auto& e) { return !isFlush(e); }, Command::KeptBack});
}

std::vector<LieRow> failures()
{
    std::vector<LieRow> rows;
    const auto row = [&rows](std::pair<const char*, const char*> names, std::uint32_t code,
                             const std::vector<Rule>& both) { addFailure(rows, names, code, both, both); };
    // What the TPM will not do with the challenge is its failure to open it.
    const auto noKey = on({kCreatePrimary}, {C::StorageRootKeyUnusable});
    const auto unopened = on({kActivateCredential, kImport, kLoad}, {C::ActivationRefused});
    const auto unsalted = at(Stage::Salting, {C::ActivationRefused});
    row({"refusal over it", "refusal instead"}, 0x1DF, {noKey, unopened, unsalted, anywhere({C::TpmRefusedCommand})});
    // A hidden endorsement key is told by the list of what lies in the TPM; the storage root key is made again, the same.
    row({"nothing there over it", "nothing there instead"}, 0x18B,
        {on(Stage::Looking, {kReadPublic}, {kPass, C::AnswersChanged}), on({kNvReadPublic}, {C::AnswersChanged}), noKey,
         unopened, unsalted, anywhere({C::TpmRefusedCommand})});
    // Where the TPM has made an object or a session, the station finds it and makes room.
    addFailure(rows, {"no room over it", "no room instead"}, 0x902,
               {on({kStartAuthSession, kLoad, kCreatePrimary}, {kPass}), anywhere({C::TpmResourcesExhausted})},
               {anywhere({C::TpmResourcesExhausted})});
    // A command that is sent again has used up its policy session, or the nonce of the salted one.
    addFailure(rows, {"not now over it", "not now instead"}, 0x922,
               {at(Stage::Confirming, {C::AnswersChanged}), on({kPolicySecret}, {C::AnswersChanged}),
                on({kActivateCredential}, {C::TpmRefusedCommand}), anywhere({kPass})},
               {anywhere({kPass})});
    // Who may not read a certificate by one authorization reads it by another. In the salted session there is no
    // password that could be wrong.
    const auto readsByAnother = on(Stage::Looking, {kNvRead}, {kPass});
    const auto changed = at(Stage::Confirming, {C::AnswersChanged});
    const auto locked = anywhere({C::TpmHierarchyLocked});
    for (const auto& [names, code] : {std::pair{std::pair{"wrong password over it", "wrong password instead"}, 0x98EU},
                                      std::pair{std::pair{"wrong HMAC over it", "wrong HMAC instead"}, 0x9A2U}}) {
        addFailure(rows, names, code, {readsByAnother, changed, locked}, {on({kNvRead}, {kPass}), changed, locked});
    }
    row({"locked out over it", "locked out instead"}, 0x921, {anywhere({C::TpmLockedOut})});
    row({"failure mode over it", "failure mode instead"}, 0x101,
        {unopened, unsalted, anywhere({C::TpmSelfTestFailed})});
    row({"not started over it", "not started instead"}, 0x100, {anywhere({C::TpmNotStarted})});
    return rows;
}

/// A second TPM, in as good a state. It is another device, has no storage root key, and knows none of the sessions.
LieRow anotherTpm(OtherTpm& other)
{
    return {"another TPM's answer",
            [&other](const Exchange& now, const std::vector<Exchange>& /*before*/) {
                return RelayReply{other.answer(now.command)};
            },
            {// Its endorsement key is no key of this TPM; where it has no storage root key, this one makes it.
             on(Stage::Looking, {kReadPublic}, {C::ActivationRefused, kPass}), at(Stage::Looking, {C::AnswersChanged}),
             at(Stage::Salting, {C::ActivationRefused}),
             on({kActivateCredential, kImport, kLoad}, {C::ActivationRefused}), anywhere({C::TpmRefusedCommand})}};
}

/// The stage of each of the exchanges of a run.
std::vector<Stage> stagesOf(const std::vector<Exchange>& honest)
{
    std::vector<Stage> stages;
    auto stage = Stage::Looking;
    for (std::size_t i = 0; i < honest.size(); ++i) {
        const auto code = honest[i].code;
        const auto last = i == 0 ? 0 : honest[i - 1].code;
        if (code == kStartAuthSession) {
            stage = stage == Stage::Looking ? Stage::Salting : Stage::Opening;
        } else if (last == kActivateCredential) {
            stage = Stage::Proving;
        } else if (last == kHmac) {
            stage = Stage::Confirming;
        }
        stages.push_back(isFlush(honest[i]) ? Stage::Releasing : stage);
    }
    return stages;
}

} // namespace

class tst_attack_table : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (auto rows : {brokenFrames(), otherAnswers(), otherWords(), failures()}) {
            std::ranges::move(rows, std::back_inserter(m_rows));
        }
        m_rows.push_back(anotherTpm(m_other));
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
        const auto stage = (&bench == &m_warm ? m_warmStages : m_coldStages).at(at);
        if (const auto why = whyNot(lie, bench, {stage, honest}, run); why && line.lied()) {
            ++m_wrong;
            qWarning("%zu %s: %s (%s)", at, std::string{tpm::traitsOf(honest.code).name}.c_str(), why->c_str(),
                     textOf(run.report).c_str());
        }
        return line.lied();
    }

    /// What is wrong with how the run ended; nothing if all is right.
    static std::optional<std::string> whyNot(const LieRow& lie, const AttackBench& bench,
                                             const std::pair<Stage, const Exchange&>& place, const TimedRun& run)
    {
        if (auto broken = bench.broken(run.report, run.took)) {
            return broken;
        }
        const auto stage = place.first;
        const auto& honest = place.second;
        if (stage == Stage::Releasing) {
            return run.report.verdict == Verdict{Outcome::Pass, {}} ? std::nullopt : std::optional{"does not pass"};
        }
        const auto rule = std::ranges::find_if(lie.rules, [&](const Rule& each) { return each.fits(stage, honest); });
        if (rule == lie.rules.end()) {
            return "has no rule";
        }
        const auto is = [&run](const Ending& ending) {
            return run.report.verdict ==
                   (ending ? Verdict{*describe(*ending).verdict, ErrorCode{*ending}} : Verdict{Outcome::Pass, {}});
        };
        return std::ranges::none_of(rule->endings, is) ? std::optional{"is not what was expected"} : std::nullopt;
    }

    const AttackBench m_warm{AttackBench::Device::Warm};
    const AttackBench m_cold{AttackBench::Device::Cold};
    const std::vector<Stage> m_warmStages = stagesOf(m_warm.honest());
    const std::vector<Stage> m_coldStages = stagesOf(m_cold.honest());
    OtherTpm m_other;
    std::vector<LieRow> m_rows;
    int m_wrong = 0;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_attack_table)
#include "tst_attack_table.moc"
