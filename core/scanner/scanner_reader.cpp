#include "core/scanner/scanner_reader.h"

#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "core/scanner/scanner_port.h"
#include "core/system/wake_up.h"

#include <algorithm>
#include <array>
#include <poll.h>
#include <thread>

namespace enroll::scanner {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr auto kThread = "scanner";

} // namespace

struct ScannerReader::Impl {
    enrollment::OwnScanner scanner;
    CodeAssembly fresh;
    ScannerSink& sink;
    system::WakeUp interrupt;

    std::unique_ptr<ScannerPort> port{};
    std::optional<Error> trouble{};
    bool told = false;
    std::jthread thread{}; // last: joined before what it uses is gone

    void tell(std::optional<Error> now)
    {
        const bool same = told && (now ? trouble && trouble->what == now->what : !trouble);
        told = true;
        trouble = std::move(now);
        if (!same) {
            sink.scannerIs(trouble);
        }
    }

    /// Returns when \p fd (none: -1) has something, at \p until, or when the thread is to end.
    void await(int fd, std::optional<Clock::time_point> until) const
    {
        // Rounded up: a wait that ends too early is asked for again and again.
        const auto left = until ? std::chrono::ceil<milliseconds>(*until - Clock::now()).count() : -1;
        std::array<pollfd, 2> waits{pollfd{interrupt.fd(), POLLIN, 0}, pollfd{fd, POLLIN, 0}};
        ::poll(waits.data(), waits.size(), until ? static_cast<int>(std::max<milliseconds::rep>(left, 0)) : -1);
    }

    void handOn(const ScannedLine& line, const std::stop_token& stop) const
    {
        if (!stop.stop_requested()) {
            sink.scanned(line);
            await(-1, Clock::now() + kBetweenCodes);
        }
    }

    /// What there is to read, and then the code under way that is over. Error: the scanner is gone.
    Result<void> step(CodeAssembly& codes, const std::stop_token& stop) const
    {
        while (!stop.stop_requested()) {
            const auto asked = Clock::now(); // what this thread did meanwhile is no silence of the scanner's
            TRY_ASSIGN(const auto characters, port->read());
            if (characters.isNothing()) {
                if (const auto line = codes.settle(asked)) {
                    handOn(*line, stop);
                }
                break;
            }
            for (const auto& line : codes.take(characters.text, characters.from, characters.until)) {
                handOn(line, stop);
            }
            if (characters.isTorn) {
                codes.tear(characters.until);
            }
        }
        return {};
    }

    /// Until the scanner is gone or the thread is to end.
    void readOn(const std::stop_token& stop)
    {
        CodeAssembly codes = fresh;
        codes.begin(Clock::now());
        while (!stop.stop_requested()) {
            await(port->fd(), codes.due());
            if (const auto read = step(codes, stop); !read.ok()) {
                if (const auto line = codes.abandon()) {
                    handOn(*line, stop);
                }
                tell(read.error());
                return;
            }
            if (!codes.isUnsure()) {
                tell(std::nullopt);
            }
        }
    }

    void serve(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            auto opened = openScanner(scanner);
            if (opened.ok()) {
                port = std::move(opened).value();
                readOn(stop);
                port.reset();
            } else {
                tell(std::move(opened).error());
            }
            if (!stop.stop_requested()) {
                await(-1, Clock::now() + kBetweenTries);
            }
        }
    }

    void run(const std::stop_token& stop)
    {
        if (const auto served = withoutExceptions<void>(kThread, [&] { serve(stop); }); !served.ok()) {
            logFault(served.error());
            tell(served.error()); // nobody reads the scanner any more
        }
    }
};

Result<std::unique_ptr<ScannerReader>> ScannerReader::create(enrollment::OwnScanner scanner, CodeAssembly codes,
                                                             ScannerSink& sink)
{
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    return std::unique_ptr<ScannerReader>{new ScannerReader{
        std::make_unique<Impl>(Impl{std::move(scanner), std::move(codes), sink, std::move(interrupt)})}};
}

ScannerReader::ScannerReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl))
{
    m_impl->thread = std::jthread{[own = m_impl.get()](const std::stop_token& stop) {
        const std::stop_callback wake(stop, [own] { own->interrupt.raise(); });
        runThread(kThread, [&] { own->run(stop); });
    }};
}

ScannerReader::~ScannerReader() = default;

void ScannerReader::requestStop() noexcept
{
    m_impl->thread.request_stop();
}

} // namespace enroll::scanner
