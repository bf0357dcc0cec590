#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: rooms.pl SOURCE [BUILD]. Reads the #include "…" lines below a source folder, and what the
# objects of its build take from each other: a header that declares another file's functions hides
# nothing. Names each arrow that runs against the order of the rooms, each circle between files (a .c
# and its .h are one) and each folder that has grown too large.
use strict;
use warnings;
use File::Find;

my ($root, $build) = @ARGV;
my $most = 30;

# A room may use those on its right, and what these may use; and itself.
my %uses = (
	'include'          => [],
	'core'             => ['include'],
	'bench'            => ['core'],
	'bench/cases'      => ['bench'],
	'observe'          => ['core'],
	'lab/payload'      => ['core'],
	'lab/base'         => ['core'],
	'lab/diff'         => ['lab/base'],
	'lab/kernel'       => ['lab/diff'],
	'lab/vm'           => ['lab/kernel'],
	'lab/campaign'     => ['lab/vm'],
	'lab/profile'      => ['lab/campaign', 'lab/payload'],
	'lab/patch'        => ['lab/campaign'],
	'lab/fleet'        => ['lab/campaign'],
	'lab'              => ['lab/profile', 'lab/patch', 'lab/fleet'],
	'analysis/base'    => ['core'],
	'analysis/run'     => ['analysis/base'],
	'analysis/stats'   => ['analysis/run'],
	'analysis/select'  => ['analysis/stats'],
	'analysis/plot'    => ['analysis/select'],
	'analysis/compare' => ['analysis/plot'],
	'analysis/draw'    => ['analysis/plot'],
	'analysis/html'    => ['analysis/base'],
	'analysis/report'  => ['analysis/draw', 'analysis/html'],
	'analysis/advise'  => ['analysis/select'],
	'analysis/export'  => ['analysis/select'],
	'analysis/check'   => ['analysis/stats'],
	'analysis'         => [map { "analysis/$_" } qw(compare report advise export check)],
	'cli'              => ['bench/cases', 'observe', 'lab', 'analysis'],
	'kmod'             => ['include'],
);

# The room of a file: that of the longest folder that has one.
sub room {
	my $path = shift;

	$path =~ s{/[^/]*$}{};
	$path =~ s{/?[^/]*$}{} until $path eq '' || $uses{$path};
	return $path;
}

sub may {
	my ($from, $to) = @_;

	return 1 if $from eq $to;
	may($_, $to) && return 1 for @{$uses{$from}};
	return 0;
}

my (%files, %folders, %lines, %calls, @bad);

# Two files without .c and .h, of which the first needs the second.
sub arrow {
	my ($graph, $from, $to, $how) = @_;
	my ($from_room, $to_room) = map { room($_) } $from, $to;

	# The list of a room's commands is where each of them is declared.
	return if $from eq $to || $to =~ m{/commands$};
	push @bad, "$from: $from_room may not use $to ($how)" unless may($from_room, $to_room);
	$graph->{$from}{$to} = 1;
}

find({ no_chdir => 1, wanted => sub {
	return unless /\.[ch]$/ && -f;
	my $path = substr $_, length("$root/");
	$files{$path} = 1;
} }, map { "$root/$_" } grep { -d "$root/$_" } qw(core bench observe lab analysis cli kmod include));

for my $path (sort keys %files) {
	my ($folder, $one) = $path =~ m{^(.*)/([^/]*)\.[ch]$};

	$folders{$folder}{$one} = 1;
	open my $in, '<', "$root/$path" or die "$path: $!\n";
	while (<$in>) {
		next unless /^\s*#\s*include\s+"([^"]+)"/;
		my ($to) = grep { $files{$_} } "$folder/$1", $1, "include/$1";
		next unless $to;
		arrow(\%lines, (map { s/\.[ch]$//r } $path, $to), "its line $.");
	}
	close $in;
}

# Objects of files that are gone may lie there still.
my (%objects, %defines, %wants);
find({ no_chdir => 1, wanted => sub {
	m{\.dir/(.*)\.c\.o$} && $files{"$1.c"} or return;
	$objects{$_} = $1 unless room($1) =~ m{payload|kmod};
} }, $build) if $build;
if (%objects) {
	open my $in, '-|', 'nm', '-A', sort keys %objects or die "nm: $!\n";
	while (<$in>) {
		my ($object, $kind, $name) = m{^(.*):[0-9a-f ]* ([TDBRCU]) (\S+)$} or next;
		$defines{$name} = $objects{$object} if $kind ne 'U';
		$wants{$objects{$object}}{$name} = 1 if $kind eq 'U';
	}
}
for my $file (sort keys %wants) {
	for my $name (sort keys %{$wants{$file}}) {
		arrow(\%calls, $file, $defines{$name}, $name) if $defines{$name};
	}
}

# A way along the arrows that comes back to where it began.
sub walk {
	my ($graph, $state, $way, $at) = @_;

	$state->{$at} = 'open';
	for my $to (sort keys %{$graph->{$at}}) {
		if (($state->{$to} // '') eq 'open') {
			my $circle = join ' > ', @$way, $at, $to;
			push @bad, 'circle: ' . $circle =~ s{^.*?(?=\Q$to\E > )}{}r;
		} elsif (!$state->{$to}) {
			walk($graph, $state, [@$way, $at], $to);
		}
	}
	$state->{$at} = 'done';
}
for my $graph (\%lines, \%calls) {
	my %state;
	$state{$_} || walk($graph, \%state, [], $_) for sort keys %$graph;
}

for my $folder (sort keys %folders) {
	my $count = keys %{$folders{$folder}};
	push @bad, "$folder: $count sources, more than $most" if $count > $most;
	push @bad, "$folder: no row says what it may use" if $folder =~ m{^(lab|analysis)/} && !$uses{$folder};
}
print "$_\n" for @bad;
exit(@bad ? 1 : 0);
