#include "core/transport/name_lookup.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <atomic>
#include <mutex>
#include <poll.h>
#include <thread>

namespace enroll::transport {
namespace {

struct Answer {
    int status = EAI_AGAIN;
    AddrInfoPtr list;
};

/// Calls getaddrinfo(). Blocks for as long as the resolver takes, unless AI_NUMERICHOST is among \p flags.
Answer resolve(const TcpAddress& address, int flags)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | flags;
    addrinfo* list = nullptr;
    const int status = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
    return {status, AddrInfoPtr{status == 0 ? list : nullptr}};
}

std::atomic<int>& lookupsUnderWay() noexcept
{
    static std::atomic<int> count{0};
    return count;
}

/// One of the kMostLookups; given back by the destructor.
struct GiveBack {
    void operator()(std::atomic<int>* count) const noexcept { --*count; }
};
using LookupPermit = std::unique_ptr<std::atomic<int>, GiveBack>;

Result<LookupPermit> permitLookup(const TcpAddress& address)
{
    auto& count = lookupsUnderWay();
    const bool tooMany = ++count > kMostLookups;
    LookupPermit permit{&count};
    if (tooMany) {
        return makeError(StationCode::StationCannotReachPort,
                         address.host + ": the name service has not answered " + std::to_string(kMostLookups) +
                             " earlier questions: check the network and the name service, then try again",
                         "getaddrinfo");
    }
    return permit;
}

/// Shared by the waiting thread and the resolving one. Held by shared_ptr, because either may be the last to need it:
/// the waiting thread may give up first.
struct Lookup {
    Lookup(system::WakeUp event, LookupPermit one) : done(std::move(event)), permit(std::move(one)) {}

    system::WakeUp done;
    LookupPermit permit; ///< until the thread has ended, too
    std::mutex mutex;
    Answer answer;
};

/// Error S-321 if the system has no thread left.
Result<void> resolveOnThread(const std::shared_ptr<Lookup>& lookup, const TcpAddress& address)
{
    const auto answerTo = [](Lookup& asked, const TcpAddress& name) {
        auto answer = resolve(name, AI_ADDRCONFIG);
        const std::scoped_lock lock{asked.mutex};
        asked.answer = std::move(answer);
        asked.done.raise();
    };
    auto started = withoutExceptions<void>("start a thread for getaddrinfo", [&] {
        std::thread{[lookup, address, answerTo] {
            runThread("name lookup thread", [&] { answerTo(*lookup, address); });
        }}.detach();
    });
    return recoded(std::move(started), StationCode::StationCannotReachPort);
}

Result<AddrInfoPtr> listOf(Answer answer, const TcpAddress& address)
{
    if (answer.status != 0) {
        return makeError(StationCode::StationCannotReachPort, address.host + ": " + ::gai_strerror(answer.status),
                         "getaddrinfo");
    }
    return std::move(answer.list);
}

/// Waits for the resolver. A time-out is S-321 and not D-102: nothing was sent to the device yet.
Result<void> waitForAnswer(const Lookup& lookup, const TcpAddress& address, const Deadline& deadline,
                           const system::WakeUp& interrupt)
{
    auto ready = waitUntilReady(lookup.done.fd(), POLLIN, deadline, interrupt);
    if (!ready && ready.error().code == DeviceCode::TpmTimedOut) {
        return makeError(StationCode::StationCannotReachPort, address.host + ": the name was not resolved in time",
                         "getaddrinfo");
    }
    return ready;
}

} // namespace

Result<AddrInfoPtr> lookUp(const TcpAddress& address, const Deadline& deadline, const system::WakeUp& interrupt)
{
    auto numeric = resolve(address, AI_NUMERICHOST); // first: a numeric address needs no name service and no thread
    if (numeric.status == 0) {
        return std::move(numeric.list);
    }
    TRY_ASSIGN(auto permit, permitLookup(address));
    TRY_ASSIGN(auto done, system::WakeUp::create());
    const auto lookup = std::make_shared<Lookup>(std::move(done), std::move(permit));
    TRY(resolveOnThread(lookup, address));
    TRY(waitForAnswer(*lookup, address, deadline, interrupt));
    const std::scoped_lock lock{lookup->mutex};
    return listOf(std::move(lookup->answer), address);
}

} // namespace enroll::transport
