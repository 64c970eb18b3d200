kmem_cache_alloc:
	test $0x100,%esi
	jne L1
	cmpb $0x0,slab_gates+0x30(%rip)
	jne L2
L4:
	mov cpu_sequences+0x8(%rip),%rcx
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rcx)
	mov %fs:0x4(%rcx),%edx
	cmp cpu_sequences+0x30(%rip),%edx
	jae L3
	imul cpu_sequences+0x38(%rip),%rdx
	add cpu_sequences+0x18(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L3
	add 0x38(%rdi),%rdx
	mov (%rdx),%r8d
	sub $0x1,%r8d
	jb L3
	mov 0x10(%rdx,%r8,8),%rax
	movl $0x1,0xc(%rdx)
	mov %r8d,(%rdx)
	ret
L2:
	mov GOT(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	je L4
L1:
	jmp out
	addq $0x1,cpu_sequences_lost(%rip)
L3:
	jmp out
kmem_cache_free:
	mov cpu_sequences+0x8(%rip),%rax
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%ecx
	cmp cpu_sequences+0x30(%rip),%ecx
	jae L1
	imul cpu_sequences+0x38(%rip),%rcx
	add cpu_sequences+0x18(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	mov %rsi,%rdx
	sub 0x10(%rcx),%rdx
	cmp cpu_sequences+0x10(%rip),%rdx
	jae L1
	add 0x38(%rdi),%rcx
	mov (%rcx),%edx
	cmp 0x4(%rcx),%edx
	jae L1
	mov %rsi,0x10(%rcx,%rdx,8)
	add $0x1,%edx
	mov %edx,(%rcx)
	ret
	addq $0x1,cpu_sequences_lost(%rip)
L1:
	jmp out
__kmalloc:
	test $0x111,%esi
	jne L1
	lea -0x1(%rdi),%r9
	cmp slab_gates+0x38(%rip),%r9
	jae L1
	and $0xfffffffffffffff8,%r9
	lea kmalloc_place(%rip),%r8
	mov cpu_sequences+0x8(%rip),%rdx
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%ecx
	cmp cpu_sequences+0x30(%rip),%ecx
	jae L2
	imul cpu_sequences+0x38(%rip),%rcx
	add cpu_sequences+0x18(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L2
	add (%r9,%r8,1),%rcx
	mov (%rcx),%r10d
	sub $0x1,%r10d
	jb L2
	mov 0x10(%rcx,%r10,8),%rax
	movl $0x1,0xc(%rcx)
	mov %r10d,(%rcx)
	ret
L1:
	jmp out
	addq $0x1,cpu_sequences_lost(%rip)
L2:
	jmp out
kfree:
	mov cpu_sequences+0x8(%rip),%r8
	test %r8,%r8
	je L1
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%r8)
	mov %fs:0x4(%r8),%ecx
	cmp cpu_sequences+0x30(%rip),%ecx
	jae L1
	imul cpu_sequences+0x38(%rip),%rcx
	add cpu_sequences+0x18(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	mov %rdi,%rdx
	sub 0x10(%rcx),%rdx
	cmp cpu_sequences+0x10(%rip),%rdx
	jae L1
	mov %rdi,%rsi
	mov page_map+0x38(%rip),%rax
	shr $0xc,%rsi
	mov (%rax,%rsi,4),%r9d
	mov page_map+0x18(%rip),%rax
	shl $0x6,%rsi
	mov %rdi,%r10
	sub 0x18(%rax,%rsi,1),%r10
	mov 0x10(%rax,%rsi,1),%rsi
	add %r9,%rcx
	mov (%rcx),%edx
	cmp 0x4(%rcx),%edx
	jae L1
	imul 0x8(%rsi),%r10
	cmp 0x10(%rsi),%r10
	jae L1
	mov %rdi,0x10(%rcx,%rdx,8)
	add $0x1,%edx
	mov %edx,(%rcx)
	ret
	addq $0x1,cpu_sequences_lost(%rip)
L1:
	jmp out
kmem_cache_alloc_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	push %r14
	push %r13
	push %r12
	push %rbx
	sub $0x18,%rsp
	mov %esi,-0x2c(%rbp)
	xor %r12d,%r12d
	cmp $0x7fffffff,%rdx
	ja L1
	mov %rdx,%r14
	test %rdx,%rdx
	je L2
	mov %rcx,%r15
	mov %rdi,%rbx
	lea 0x28(%rdi),%rax
	mov %rax,-0x40(%rbp)
	xor %r13d,%r13d
	mov %rcx,-0x38(%rbp)
	jmp L3
L10:
	mov %r9d,%eax
	add %rax,%r13
	mov -0x38(%rbp),%r15
	mov %r10,%rbx
L11:
	cmp %r14,%r13
	jae L2
L3:
	mov %r14,%r12
	sub %r13,%r12
	cmp $0x40,%r12
	mov $0x40,%eax
	cmovae %rax,%r12
	mov %rbx,%rdi
	call out
	testl $0x100,-0x2c(%rbp)
	jne L4
	test %al,%al
	je L4
	cmpb $0x0,slab_gates+0x30(%rip)
	jne L5
L13:
	mov %rbx,%r10
	lea (%r15,%r13,8),%rsi
	xor %r9d,%r9d
	mov cpu_sequences+0x8(%rip),%r8
	mov %rsi,%r11
	mov %r12,%rcx
	mov -0x40(%rbp),%rdi
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%r8)
	mov %fs:0x4(%r8),%edx
	cmp cpu_sequences+0x30(%rip),%edx
	jae L6
	imul cpu_sequences+0x38(%rip),%rdx
	add cpu_sequences+0x18(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L6
	add (%rdi),%rdx
	mov (%rdx),%ebx
	test %ebx,%ebx
	je L6
	cmp %ecx,%ebx
	cmovb %ebx,%ecx
	mov %ecx,%eax
	shr %eax
	jae L7
	movq 0x8(%rdx,%rbx,8),%xmm0
	movq %xmm0,(%r11)
	lea 0x8(%r11),%r11
	lea -0x1(%ebx),%ebx
	test %eax,%eax
L7:
	je L8
L9:
	movups (%rdx,%rbx,8),%xmm0
	pshufd $0x4e,%xmm0,%xmm0
	movups %xmm0,(%r11)
	add $0x10,%r11
	sub $0x2,%ebx
	sub $0x1,%eax
	jne L9
L8:
	movl $0x1,0xc(%rdx)
	mov %ebx,(%rdx)
	mov %ecx,%r9d
L6:
	test %r9d,%r9d
	jne L10
L14:
	mov %r10,%rbx
	mov %r10,%rdi
	mov %r12d,%edx
	call out
	mov %eax,%ecx
	add %rcx,%r13
	test %eax,%eax
	mov -0x38(%rbp),%r15
	jne L11
L4:
	mov %rbx,%rdi
	mov -0x2c(%rbp),%esi
	xor %edx,%edx
	call out
	mov %rax,(%r15,%r13,8)
	test %rax,%rax
	je L12
	add $0x1,%r13
	jmp L11
L5:
	mov GOT(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	jne L4
	jmp L13
	addq $0x1,cpu_sequences_lost(%rip)
	jmp L14
L2:
	mov %r14d,%r12d
L1:
	mov %r12d,%eax
	add $0x18,%rsp
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
L12:
	test %rbx,%rbx
	je L15
	mov %rbx,%rdi
	mov %r13,%rsi
	mov %r15,%rdx
	call out
	xor %r12d,%r12d
	jmp L1
L15:
	xor %r12d,%r12d
	test %r13,%r13
	je L1
	xor %r14d,%r14d
L16:
	mov (%r15,%r14,8),%rdi
	call out
	add $0x1,%r14
	cmp %r14,%r13
	jne L16
	jmp L1
kmem_cache_free_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	push %r14
	push %rbx
	push %rax
	mov %rdx,%r14
	mov %rsi,%r15
	test %rdi,%rdi
	je L1
	mov %r15,%rsi
	mov %r14,%rdx
	add $0x8,%rsp
	pop %rbx
	pop %r14
	pop %r15
	pop %rbp
	jmp out
L1:
	test %r15,%r15
	je L2
	xor %ebx,%ebx
L3:
	mov (%r14,%rbx,8),%rdi
	call out
	add $0x1,%rbx
	cmp %rbx,%r15
	jne L3
L2:
	add $0x8,%rsp
	pop %rbx
	pop %r14
	pop %r15
	pop %rbp
	ret
