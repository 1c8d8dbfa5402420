#include "core/transport/tls_socket.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace enroll::transport {
namespace {

TlsSocket& socketOf(BIO* bio)
{
    return *static_cast<TlsSocket*>(BIO_get_data(bio));
}

bool isPassing(int number) noexcept
{
    return number == EAGAIN || number == EINTR;
}

void keepFirst(TlsSocket& socket, ByteView received)
{
    const auto room = std::span{socket.first}.subspan(socket.firstCount);
    const auto count = std::min(room.size(), received.size());
    std::ranges::copy(received.first(count), room.begin());
    socket.firstCount += count;
}

int readBytes(BIO* bio, char* buffer, int size)
{
    auto& socket = socketOf(bio);
    BIO_clear_retry_flags(bio);
    const auto count = ::recv(socket.socket.fd(), buffer, static_cast<std::size_t>(size), 0);
    if (count < 0 && isPassing(errno)) {
        BIO_set_retry_read(bio);
    } else if (count < 0) {
        socket.fault = errno;
    } else if (count == 0) {
        socket.ended = true;
    } else {
        keepFirst(socket, std::as_bytes(std::span{buffer, static_cast<std::size_t>(count)}));
    }
    return static_cast<int>(count);
}

int writeBytes(BIO* bio, const char* bytes, int size)
{
    auto& socket = socketOf(bio);
    BIO_clear_retry_flags(bio);
    const auto count = ::send(socket.socket.fd(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (count < 0 && isPassing(errno)) {
        BIO_set_retry_write(bio);
    } else if (count < 0) {
        socket.fault = errno;
    }
    return static_cast<int>(count);
}

/// OpenSSL flushes after each flight, and asks whether a read that gave nothing was the end: it tells a truncated connection
/// by that.
long control(BIO* bio, int command, long /*number*/, void* /*pointer*/)
{
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return socketOf(bio).ended ? 1 : 0;
    default:
        return 0;
    }
}

int begin(BIO* bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

BioMethodPtr makeMethod()
{
    BioMethodPtr method{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "TLS socket")};
    const bool made =
        method && BIO_meth_set_create(method.get(), &begin) == 1 && BIO_meth_set_read(method.get(), &readBytes) == 1 &&
        BIO_meth_set_write(method.get(), &writeBytes) == 1 && BIO_meth_set_ctrl(method.get(), &control) == 1;
    return made ? std::move(method) : nullptr;
}

} // namespace

crypto::BioPtr makeBio(TlsSocket& socket)
{
    static const BioMethodPtr method = makeMethod(); // one for the life of the process
    crypto::BioPtr bio{method ? BIO_new(method.get()) : nullptr};
    if (bio) {
        BIO_set_data(bio.get(), &socket);
    }
    return bio;
}

} // namespace enroll::transport
