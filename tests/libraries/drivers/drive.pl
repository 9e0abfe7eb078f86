# One GET a URL by a library of Perl: perl drive.pl LIBRARY URL...; for each a line, "got STATUS BYTES" or "error NAME".
# Without a URL: the library's version. A row a library: what makes its client, and what asks for one URL.
use strict;
use warnings;

my %libraries = (
    'lwp' => sub {
        require LWP::UserAgent;
        my $agent = LWP::UserAgent->new(keep_alive => 1);
        return sub {
            my $reply = $agent->get(shift);
            my $own = $reply->header('Client-Warning');
            return $own ? ('error', 'Internal response') : ('got', $reply->code, length $reply->content);
        }, $LWP::UserAgent::VERSION;
    },
    'http-tiny' => sub {
        require HTTP::Tiny;
        my $agent = HTTP::Tiny->new;
        return sub {
            my $reply = $agent->get(shift);
            return $reply->{status} == 599 ? ('error', 599) : ('got', $reply->{status}, length $reply->{content});
        }, HTTP::Tiny->VERSION;
    },
    'mojo' => sub {
        require Mojo::UserAgent;
        my $agent = Mojo::UserAgent->new;
        return sub {
            my $reply = $agent->get(shift)->result;
            return ('got', $reply->code, length $reply->body);
        }, do { require Mojolicious; Mojolicious->VERSION };
    },
);

my ($name, @urls) = @ARGV;
my ($get, $version) = $libraries{$name}->();
print "$version\n" if !@urls;
for my $url (@urls) {
    my @told = eval { $get->($url) };
    @told = ('error', 'it died') if !@told;
    print "@told\n";
}
